#pragma once

/// Bounds how many heaps the C library keeps (mallopt(3), M_ARENA_MAX); to be called before there are threads.
///
/// Does nothing where the C library has no such setting.
void roost_limit_heaps(int heaps);
