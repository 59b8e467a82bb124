/// Making a worker ready.
#ifndef ROOST_WARMUP_H
#define ROOST_WARMUP_H

#include "image.h"

/// Starts libvips, limits it to the decoders of protocol.h, and serves one small request of each kind, so that all that
/// is loaded late (colour profiles, codecs' tables, threads) is there before the worker can open no file any more.
bool warm_up(const char *program, struct failure *failure);

#endif
