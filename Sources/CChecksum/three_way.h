// The three-way kernel, included once per instruction set.
//
// The processor's CRC instruction takes three cycles but one can start in each, so three independent streams run at
// once over three neighbouring runs of bytes; their states are joined as if they had been one stream. Large runs
// make joining rare, small ones serve short buffers.
//
// The includer defines
//   KERNEL_TARGET        the attribute that allows the instructions,
//   KERNEL_NAME          the function's name,
//   step_8, step_1       the state after 8 bytes, after 1 byte,
//   shift_by_*           the state after so many zero bytes.

#include <string.h>

#include "polynomial.h"

enum { SMALL_RUN = 256, LARGE_RUN = 8192 };

KERNEL_TARGET static inline uint64_t load_8(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

KERNEL_TARGET static inline void step_three_runs(
    uint32_t *first, uint32_t *second, uint32_t *third, const uint8_t *bytes, size_t run) {
    uint32_t a = *first, b = 0, c = 0;
    for (size_t at = 0; at < run; at += 8) {
        a = step_8(a, load_8(bytes + at));
        b = step_8(b, load_8(bytes + run + at));
        c = step_8(c, load_8(bytes + 2 * run + at));
    }
    *first = a;
    *second = b;
    *third = c;
}

KERNEL_TARGET uint32_t KERNEL_NAME(uint32_t state, const uint8_t *bytes, size_t length) {
    uint32_t second, third;
    for (; length >= 3 * LARGE_RUN; bytes += 3 * LARGE_RUN, length -= 3 * LARGE_RUN) {
        step_three_runs(&state, &second, &third, bytes, LARGE_RUN);
        state = shift_by_2_large_runs(state) ^ shift_by_large_run(second) ^ third;
    }
    for (; length >= 3 * SMALL_RUN; bytes += 3 * SMALL_RUN, length -= 3 * SMALL_RUN) {
        step_three_runs(&state, &second, &third, bytes, SMALL_RUN);
        state = shift_by_2_small_runs(state) ^ shift_by_small_run(second) ^ third;
    }
    for (; length >= 8; bytes += 8, length -= 8) state = step_8(state, load_8(bytes));
    for (; length > 0; bytes++, length--) state = step_1(state, *bytes);
    return state;
}
