/// BI_RLE4 and BI_RLE8: runs, literals, and moves of the pen.

#include "bmp.h"

struct pen {
    const struct bmp *bmp;
    uint8_t *pixels;
    uint32_t x;
    uint32_t y; // from the bottom
};

/// Sets one pixel and moves on. Runs may go beyond the right edge; what lies there is dropped.
static void put(struct pen *pen, unsigned index) {
    const struct bmp *bmp = pen->bmp;
    if (pen->x < bmp->width && pen->y < bmp->height) {
        uint8_t *to = pen->pixels + ((size_t)(bmp->height - 1 - pen->y) * bmp->width + pen->x) * 3;
        for (int band = 0; band < 3; band++) {
            to[band] = bmp->palette[index][band];
        }
        pen->x++;
    }
}

/// The index of the n-th pixel of a run or literal.
static unsigned index_at(const struct bmp *bmp, const uint8_t *bytes, unsigned n) {
    if (bmp->compression == BMP_RLE8) {
        return bytes[n];
    }
    return n % 2 == 0 ? bytes[n / 2] >> 4 : bytes[n / 2] & 15;
}

bool bmp_decode_runs(const struct bmp *bmp, uint8_t *pixels, struct failure *failure) {
    struct pen pen = {.bmp = bmp, .pixels = pixels};
    size_t at = 0;
    // What no run reaches has the first colour.
    const size_t count = (size_t)bmp->width * bmp->height;
    for (size_t i = 0; i < count; i++) {
        for (int band = 0; band < 3; band++) {
            pixels[i * 3 + band] = bmp->palette[0][band];
        }
    }
    while (bmp->size - at >= 2) {
        const unsigned first = bmp->data[at];
        const unsigned second = bmp->data[at + 1];
        at += 2;
        if (first > 0) {
            const uint8_t same[2] = {(uint8_t)second, (uint8_t)second};
            for (unsigned n = 0; n < first; n++) {
                put(&pen, bmp->compression == BMP_RLE8 ? second : index_at(bmp, same, n % 2));
            }
        } else if (second == 0) { // end of line
            pen.x = 0;
            pen.y++;
        } else if (second == 1) { // end of bitmap
            return true;
        } else if (second == 2) { // delta
            if (bmp->size - at < 2) {
                break;
            }
            pen.x += bmp->data[at];
            pen.y += bmp->data[at + 1];
            at += 2;
            if (pen.x > bmp->width || pen.y > bmp->height) {
                return failed(failure, "corrupt", "a move out of the picture");
            }
        } else { // literal pixels, padded to 16 bits
            const size_t length = bmp->compression == BMP_RLE8 ? second : (second + 1) / 2;
            if (bmp->size - at < length) {
                break;
            }
            for (unsigned n = 0; n < second; n++) {
                put(&pen, index_at(bmp, bmp->data + at, n));
            }
            at += length;
            at += at < bmp->size ? length % 2 : 0;
        }
        if (pen.y >= bmp->height) {
            return true; // all rows are there; some writers leave the end mark out
        }
    }
    // The last row may end without a mark.
    return (pen.y + 1 == bmp->height && pen.x == bmp->width) || failed(failure, "truncated", "the file ends in its pixels");
}
