#include <pthread.h>
#include <string.h>

#include "polynomial.h"

// Slicing by 8 (Kounavis and Berry, "A systematic approach to building high performance, software-based, CRC
// generators", 2005): table[k][b] is the effect of byte b that is followed by k further bytes.
static uint32_t table[8][256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t state = byte;
        for (int bit = 0; bit < 8; bit++) state = (state >> 1) ^ (ROOST_CRC32C_POLYNOMIAL & (0u - (state & 1)));
        table[0][byte] = state;
    }
    for (int slice = 1; slice < 8; slice++) {
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = table[slice - 1][byte];
            table[slice][byte] = (before >> 8) ^ table[0][before & 0xFF];
        }
    }
}

uint32_t roost_crc32c_table(uint32_t state, const uint8_t *bytes, size_t length) {
    pthread_once(&once, make_table);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (; length >= 8; bytes += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        word ^= state;
        state = table[7][word & 0xFF] ^ table[6][(word >> 8) & 0xFF] ^ table[5][(word >> 16) & 0xFF] ^
                table[4][(word >> 24) & 0xFF] ^ table[3][(word >> 32) & 0xFF] ^ table[2][(word >> 40) & 0xFF] ^
                table[1][(word >> 48) & 0xFF] ^ table[0][word >> 56];
    }
#endif
    for (; length > 0; bytes++, length--) state = (state >> 8) ^ table[0][(state ^ *bytes) & 0xFF];
    return state;
}
