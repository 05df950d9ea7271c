#ifndef WICK_CTERMINAL_H
#define WICK_CTERMINAL_H

#include <stdint.h>

#endif
