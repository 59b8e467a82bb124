#pragma once
#include <stddef.h>
#include <stdint.h>

// Arithmetic of polynomials over GF(2) modulo the Castagnoli polynomial
// P = x^32 + x^28 + x^27 + x^26 + x^25 + x^23 + x^22 + x^20 + x^19 + x^18 + x^14 + x^13 + x^11 + x^10 + x^9 + x^8 + x^6 + 1.
// A CRC is such a polynomial with its bits reflected: bit 31 is the coefficient of x^0.

/// P without x^32, reflected (RFC 3720 section 12.1 gives 0x11edc6f41 unreflected).
#define ROOST_CRC32C_POLYNOMIAL 0x82F63B78u

/// a * b modulo P.
uint32_t roost_crc32c_multiply(uint32_t a, uint32_t b);

/// The three-way kernels and the table; all take and return the *inverted* state, as it runs through the register.
uint32_t roost_crc32c_table(uint32_t state, const uint8_t *bytes, size_t length);
#if defined(__x86_64__)
int roost_crc32c_sse42_available(void);
uint32_t roost_crc32c_sse42(uint32_t state, const uint8_t *bytes, size_t length);
#elif defined(__aarch64__)
int roost_crc32c_arm_available(void);
uint32_t roost_crc32c_arm(uint32_t state, const uint8_t *bytes, size_t length);
#endif
