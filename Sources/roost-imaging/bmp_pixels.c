/// The pixels of an uncompressed bitmap.

#include "bmp.h"

static void decode_indexes(const struct bmp *bmp, const uint8_t *row, uint8_t *pixels) {
    const unsigned bits = bmp->bits;
    for (size_t x = 0; x < bmp->width; x++) {
        const size_t bit = x * bits;
        const unsigned index = row[bit / 8] >> (8 - bits - bit % 8) & ((1U << bits) - 1);
        for (int band = 0; band < 3; band++) {
            *pixels++ = bmp->palette[index][band];
        }
    }
}

/// 24 and 32 bits in their usual order. The fourth byte is padding unless masks say otherwise.
static void decode_bytes(const struct bmp *bmp, const uint8_t *row, uint8_t *pixels) {
    const unsigned step = bmp->bits / 8;
    for (size_t x = 0; x < bmp->width; x++, row += step, pixels += 3) {
        pixels[0] = row[2];
        pixels[1] = row[1];
        pixels[2] = row[0];
    }
}

static void decode_masked(const struct bmp *bmp, const uint8_t *row, uint8_t *pixels) {
    const unsigned step = bmp->bits / 8;
    for (size_t x = 0; x < bmp->width; x++, row += step) {
        uint32_t value = row[0] | (uint32_t)row[1] << 8;
        if (step == 4) {
            value |= (uint32_t)row[2] << 16 | (uint32_t)row[3] << 24;
        }
        for (unsigned band = 0; band < bmp->bands; band++) {
            const struct bmp_channel *channel = &bmp->channels[band];
            const uint64_t level = value >> channel->shift & channel->max;
            *pixels++ = channel->max == 0 ? 0 : (uint8_t)((level * 255 + channel->max / 2) / channel->max);
        }
    }
}

bool bmp_decode(const struct bmp *bmp, uint8_t *pixels, struct failure *failure) {
    if (bmp->compression == BMP_RLE4 || bmp->compression == BMP_RLE8) {
        return bmp_decode_runs(bmp, pixels, failure);
    }
    const uint64_t row_bits = (uint64_t)bmp->width * bmp->bits;
    const uint64_t stride = (row_bits + 31) / 32 * 4;
    // The padding of the last row may be missing.
    if (stride * (bmp->height - 1) + (row_bits + 7) / 8 > bmp->size) {
        return failed(failure, "truncated", "the file ends in its pixels");
    }
    const size_t length = (size_t)bmp->width * bmp->bands;
    for (uint32_t y = 0; y < bmp->height; y++) {
        const uint8_t *row = bmp->data + stride * y;
        uint8_t *to = pixels + length * (bmp->top_down ? y : bmp->height - 1 - y);
        if (bmp->bits <= 8) {
            decode_indexes(bmp, row, to);
        } else if (bmp->compression == BMP_BITFIELDS || bmp->bits == 16) {
            decode_masked(bmp, row, to);
        } else {
            decode_bytes(bmp, row, to);
        }
    }
    return true;
}
