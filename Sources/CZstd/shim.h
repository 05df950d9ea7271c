// The bridge to zstd: captures of market streams and pages of Parquet files are compressed as they are written.
#ifndef CZSTD_SHIM_H
#define CZSTD_SHIM_H

#include <zstd.h>

#endif
