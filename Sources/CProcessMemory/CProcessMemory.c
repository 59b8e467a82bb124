#include "CProcessMemory.h"

#if defined(__linux__)
#include <features.h>
#endif

#if defined(__GLIBC__)
#include <malloc.h>

void roost_limit_heaps(int heaps) { (void)mallopt(M_ARENA_MAX, heaps); }
#else
void roost_limit_heaps(int heaps) { (void)heaps; }
#endif
