#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#define KERNEL_TARGET __attribute__((target("sse4.2,pclmul")))
#define KERNEL_NAME roost_crc32c_sse42

KERNEL_TARGET static inline uint32_t step_8(uint32_t state, uint64_t word) {
    return (uint32_t)_mm_crc32_u64(state, word);
}

KERNEL_TARGET static inline uint32_t step_1(uint32_t state, uint8_t byte) { return _mm_crc32_u8(state, byte); }

// state * power * x^33 modulo P. The carry-less product of two reflected 32-bit polynomials, read as a reflected 64-bit
// one, is already multiplied by x (it has 63 bits, not 64); the CRC instruction then multiplies by x^32 and reduces.
// So the shift by n bytes, a multiplication by x^(8n), takes the power x^(8n - 33).
KERNEL_TARGET static inline uint32_t shift(uint32_t state, uint32_t power) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)state), _mm_cvtsi32_si128((int)power), 0);
    return (uint32_t)_mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

#define shift_by_small_run(state) shift(state, 0xB9E02B86u)      // x^2015, 256 bytes
#define shift_by_2_small_runs(state) shift(state, 0xDD7E3B0Cu)   // x^4063
#define shift_by_large_run(state) shift(state, 0x54A86326u)      // x^65503, 8192 bytes
#define shift_by_2_large_runs(state) shift(state, 0x1DC403CCu)   // x^131039

#include "three_way.h"

int roost_crc32c_sse42_available(void) {
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}
#endif
