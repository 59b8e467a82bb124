#pragma once
#include <stddef.h>
#include <stdint.h>

// Loops over every byte of a body, with the processor's vector instructions where it has them (asked at run time). A
// kernel can be named, so that tests and fuzzers compare them all; one that the processor lacks gives way to the next.

typedef enum {
    ROOST_KERNEL_PORTABLE = 0,
    ROOST_KERNEL_SSE2 = 1,
    ROOST_KERNEL_AVX2 = 2,
    ROOST_KERNEL_BEST = 3,
} roost_kernel;

/// Where `needle` first occurs in `bytes`, or else where a beginning of it stands at the very end; `count` if nowhere.
///
/// `length` is at least 4. The time is linear in `count` for any bytes as long as the needle's first byte does not occur
/// in it again.
size_t roost_find_needle(const uint8_t *bytes, size_t count, const uint8_t *needle, size_t length, roost_kernel kernel);

/// Decodes blocks of 32 characters of base64 (RFC 4648 §4), up to the first block in which another character stands.
///
/// Leaves the last characters to the caller, and all of them where it has no instructions for it: only AVX2 has a kernel.
/// `target` has room for `count / 4 * 3 + 8` bytes, which may all be written to. Returns how many characters were read,
/// a multiple of 4; three quarters as many bytes were decoded.
size_t roost_decode_base64_blocks(const uint8_t *source, size_t count, uint8_t *target, roost_kernel kernel);
