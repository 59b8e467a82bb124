#pragma once
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `length` bytes, continuing from the CRC of the bytes before them (0 at the start).
///
/// Uses the processor's CRC instruction (SSE 4.2, ARMv8 CRC) where there is one, three streams at a time; a table otherwise.
uint32_t roost_crc32c(uint32_t crc, const void *bytes, size_t length);

/// The CRC-32C of two byte strings one after the other, from the CRC of each and the length of the second.
uint32_t roost_crc32c_combine(uint32_t first, uint32_t second, uint64_t second_length);

/// The same as `roost_crc32c`, by table only; for comparison in tests.
uint32_t roost_crc32c_portable(uint32_t crc, const void *bytes, size_t length);
