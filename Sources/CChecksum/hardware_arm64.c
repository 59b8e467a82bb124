#if defined(__aarch64__)
#include <arm_acle.h>
#include <stdint.h>

#include "polynomial.h"

#if defined(__linux__)
#include <sys/auxv.h>
#endif

#if defined(__clang__)
#define KERNEL_TARGET __attribute__((target("crc")))
#else
#define KERNEL_TARGET __attribute__((target("+crc")))
#endif
#define KERNEL_NAME roost_crc32c_arm

KERNEL_TARGET static inline uint32_t step_8(uint32_t state, uint64_t word) { return __crc32cd(state, word); }

KERNEL_TARGET static inline uint32_t step_1(uint32_t state, uint8_t byte) { return __crc32cb(state, byte); }

// Without the polynomial multiplication of the crypto extension, which not every processor with the CRC extension has.
#define shift_by_small_run(state) roost_crc32c_multiply(state, 0x88E56F72u)      // x^2048, 256 bytes
#define shift_by_2_small_runs(state) roost_crc32c_multiply(state, 0x74C360A4u)   // x^4096
#define shift_by_large_run(state) roost_crc32c_multiply(state, 0x28461564u)      // x^65536, 8192 bytes
#define shift_by_2_large_runs(state) roost_crc32c_multiply(state, 0xBF455269u)   // x^131072

#include "three_way.h"

int roost_crc32c_arm_available(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & (1UL << 7)) != 0;  // HWCAP_CRC32 of <asm/hwcap.h>
#else
    return 1;  // Apple's processors have it all.
#endif
}
#endif
