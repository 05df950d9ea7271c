// The bridge to cairo: plots are drawn by it, as pixels (PNG) or as paths (SVG).
#ifndef CCAIRO_SHIM_H
#define CCAIRO_SHIM_H

#include <cairo/cairo.h>
#include <cairo/cairo-svg.h>

#endif
