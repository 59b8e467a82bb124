#include "CChecksum.h"
#include "polynomial.h"

uint32_t roost_crc32c(uint32_t crc, const void *bytes, size_t length) {
#if defined(__x86_64__)
    if (roost_crc32c_sse42_available()) return ~roost_crc32c_sse42(~crc, bytes, length);
#elif defined(__aarch64__)
    if (roost_crc32c_arm_available()) return ~roost_crc32c_arm(~crc, bytes, length);
#endif
    return ~roost_crc32c_table(~crc, bytes, length);
}

uint32_t roost_crc32c_portable(uint32_t crc, const void *bytes, size_t length) {
    return ~roost_crc32c_table(~crc, bytes, length);
}
