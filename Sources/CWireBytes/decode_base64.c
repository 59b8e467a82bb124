#include "CWireBytes.h"

#if defined(__x86_64__)
#include <immintrin.h>

// Source of the method: Muła, Lemire: "Faster Base64 Encoding and Decoding Using AVX2 Instructions", ACM TWEB 12 (3), 2018,
// https://arxiv.org/abs/1704.00605, section 5.
//
// A character is judged by its two nibbles: each has a set of classes to which the other must not belong. The upper nibble
// also says what to add to get the 6 bits; '/' alone shares its upper nibble with '+' and is told apart by comparing.
__attribute__((target("avx2")))
static size_t decode_avx2(const uint8_t *source, size_t count, uint8_t *target) {
    const __m256i forbidden_by_low = _mm256_setr_epi8(
        0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A,
        0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m256i class_of_high = _mm256_setr_epi8(
        0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
        0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const __m256i addend = _mm256_setr_epi8(
        0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    // Of each 4 bytes the 3 that hold bits, in the other order; then the two halves side by side.
    const __m256i order = _mm256_setr_epi8(
        2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
        2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m256i together = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
    const __m256i slash = _mm256_set1_epi8('/');
    size_t read = 0;
    // 24 bytes are decoded but 32 written: 11 characters more in the source mean 8 bytes of room more in the target.
    for (; read + 44 <= count; read += 32) {
        __m256i text = _mm256_loadu_si256((const __m256i *)(source + read));
        // The mask keeps bit 5 too, which shuffling ignores and '/' does not matter for.
        __m256i high = _mm256_and_si256(_mm256_srli_epi32(text, 4), slash);
        __m256i low = _mm256_and_si256(text, slash);
        if (!_mm256_testz_si256(_mm256_shuffle_epi8(forbidden_by_low, low), _mm256_shuffle_epi8(class_of_high, high)))
            break;
        __m256i index = _mm256_add_epi8(_mm256_cmpeq_epi8(text, slash), high);
        __m256i bits = _mm256_add_epi8(text, _mm256_shuffle_epi8(addend, index));
        bits = _mm256_maddubs_epi16(bits, _mm256_set1_epi32(0x01400140));
        bits = _mm256_madd_epi16(bits, _mm256_set1_epi32(0x00011000));
        bits = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(bits, order), together);
        _mm256_storeu_si256((__m256i *)(target + read / 4 * 3), bits);
    }
    return read;
}
#endif

size_t roost_decode_base64_blocks(const uint8_t *source, size_t count, uint8_t *target, roost_kernel kernel) {
#if defined(__x86_64__)
    if (kernel >= ROOST_KERNEL_AVX2 && __builtin_cpu_supports("avx2")) return decode_avx2(source, count, target);
#else
    (void)kernel, (void)source, (void)count, (void)target;
#endif
    return 0;
}
