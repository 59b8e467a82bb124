#include "CWireBytes.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// A candidate is where the needle's bytes 0, 2 and 3 stand: of a multipart delimiter these are CR - -, which neither
// random bytes nor text nor a run of one byte have often. Only candidates are compared whole.
//
// Every kernel looks at the starts from `start` on at which the whole needle has room, and says where it found the needle,
// or from which start on another one must look.

typedef struct {
    size_t offset;
    int found;
} result;

static result find_portable(const uint8_t *bytes, size_t start, size_t last, const uint8_t *needle, size_t length) {
    while (start <= last) {
        const uint8_t *hit = memchr(bytes + start, needle[0], last - start + 1);
        if (hit == NULL) break;
        size_t offset = (size_t)(hit - bytes);
        if (memcmp(hit, needle, length) == 0) return (result){offset, 1};
        start = offset + 1;
    }
    return (result){last + 1, 0};
}

#if defined(__x86_64__)
// SSE2 belongs to every x86-64.
static result find_sse2(const uint8_t *bytes, size_t start, size_t last, const uint8_t *needle, size_t length) {
    const __m128i first = _mm_set1_epi8((char)needle[0]);
    const __m128i third = _mm_set1_epi8((char)needle[2]);
    const __m128i fourth = _mm_set1_epi8((char)needle[3]);
    for (; start + 15 <= last; start += 16) {
        const uint8_t *at = bytes + start;
        __m128i hits = _mm_cmpeq_epi8(first, _mm_loadu_si128((const __m128i *)at));
        hits = _mm_and_si128(hits, _mm_cmpeq_epi8(third, _mm_loadu_si128((const __m128i *)(at + 2))));
        hits = _mm_and_si128(hits, _mm_cmpeq_epi8(fourth, _mm_loadu_si128((const __m128i *)(at + 3))));
        for (unsigned mask = (unsigned)_mm_movemask_epi8(hits); mask != 0; mask &= mask - 1) {
            size_t offset = start + (size_t)__builtin_ctz(mask);
            if (memcmp(bytes + offset, needle, length) == 0) return (result){offset, 1};
        }
    }
    return (result){start, 0};
}

__attribute__((target("avx2")))
static result find_avx2(const uint8_t *bytes, size_t start, size_t last, const uint8_t *needle, size_t length) {
    const __m256i first = _mm256_set1_epi8((char)needle[0]);
    const __m256i third = _mm256_set1_epi8((char)needle[2]);
    const __m256i fourth = _mm256_set1_epi8((char)needle[3]);
    for (; start + 63 <= last; start += 64) {
        const uint8_t *at = bytes + start;
        __m256i low = _mm256_cmpeq_epi8(first, _mm256_loadu_si256((const __m256i *)at));
        __m256i high = _mm256_cmpeq_epi8(first, _mm256_loadu_si256((const __m256i *)(at + 32)));
        low = _mm256_and_si256(low, _mm256_cmpeq_epi8(third, _mm256_loadu_si256((const __m256i *)(at + 2))));
        high = _mm256_and_si256(high, _mm256_cmpeq_epi8(third, _mm256_loadu_si256((const __m256i *)(at + 34))));
        if (_mm256_testz_si256(_mm256_or_si256(low, high), _mm256_set1_epi8(-1))) continue;
        low = _mm256_and_si256(low, _mm256_cmpeq_epi8(fourth, _mm256_loadu_si256((const __m256i *)(at + 3))));
        high = _mm256_and_si256(high, _mm256_cmpeq_epi8(fourth, _mm256_loadu_si256((const __m256i *)(at + 35))));
        uint64_t mask = (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
        for (; mask != 0; mask &= mask - 1) {
            size_t offset = start + (size_t)__builtin_ctzll(mask);
            if (memcmp(bytes + offset, needle, length) == 0) return (result){offset, 1};
        }
    }
    return (result){start, 0};
}
#endif

size_t roost_find_needle(
    const uint8_t *bytes, size_t count, const uint8_t *needle, size_t length, roost_kernel kernel
) {
    size_t next = 0;
    if (count >= length) {
        size_t last = count - length;
        result result = {0, 0};
#if defined(__x86_64__)
        if (kernel >= ROOST_KERNEL_AVX2 && __builtin_cpu_supports("avx2")) {
            result = find_avx2(bytes, 0, last, needle, length);
        }
        if (!result.found && kernel >= ROOST_KERNEL_SSE2) {
            result = find_sse2(bytes, result.offset, last, needle, length);
        }
#else
        (void)kernel;
#endif
        if (!result.found) result = find_portable(bytes, result.offset, last, needle, length);
        if (result.found) return result.offset;
        next = result.offset;
    }
    // What is left is shorter than the needle.
    while (next < count) {
        const uint8_t *hit = memchr(bytes + next, needle[0], count - next);
        if (hit == NULL) break;
        size_t offset = (size_t)(hit - bytes);
        if (memcmp(hit, needle, count - offset) == 0) return offset;
        next = offset + 1;
    }
    return count;
}
