// The bridge to zlib: streaming inflate for compressed candle files.
#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

#include <zlib.h>

// inflateInit2 is a macro, which Swift can't import. 32 + 15 window bits take gzip and zlib headers alike.
static inline int czlib_inflate_init(z_streamp stream) { return inflateInit2(stream, 32 + MAX_WBITS); }

#endif
