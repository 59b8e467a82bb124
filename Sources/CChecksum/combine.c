#include "CChecksum.h"
#include "polynomial.h"

uint32_t roost_crc32c_multiply(uint32_t a, uint32_t b) {
    // Horner's rule from the highest power of `a` (its bit 0) down would need a division by x at each step; going up,
    // `b` is multiplied by x instead, which is one shift to the right and the reduction by P.
    uint32_t product = 0;
    for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
        product ^= b & (0u - ((a & bit) != 0));
        b = (b >> 1) ^ (ROOST_CRC32C_POLYNOMIAL & (0u - (b & 1)));
    }
    return product;
}

uint32_t roost_crc32c_combine(uint32_t first, uint32_t second, uint64_t second_length) {
    // Appending n bytes multiplies the CRC before them by x^(8n). The inversions before and after cancel out.
    uint32_t power = 1u << 23;  // x^8
    uint32_t shift = 1u << 31;  // x^0
    for (uint64_t count = second_length; count != 0; count >>= 1) {
        if (count & 1) shift = roost_crc32c_multiply(shift, power);
        power = roost_crc32c_multiply(power, power);
    }
    return roost_crc32c_multiply(first, shift) ^ second;
}
