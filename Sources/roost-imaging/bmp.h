/// Windows and OS/2 bitmaps.
///
/// https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage and .../bitmap-compression: BITMAPCOREHEADER,
/// BITMAPINFOHEADER and its versions up to 5; 1, 4, 8, 16, 24 and 32 bits; BI_RGB, BI_BITFIELDS, BI_RLE4, BI_RLE8;
/// bottom-up and top-down. Alpha only where a header of version 3 and later has a mask for it. Colour profiles of
/// version 5 are not applied.
#ifndef ROOST_BMP_H
#define ROOST_BMP_H

#include "image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The bits of a pixel that make one channel.
struct bmp_channel {
    unsigned shift;
    uint32_t max; // 0: channel absent
};

struct bmp {
    uint32_t width;
    uint32_t height;
    unsigned bands; // 3, or 4 with alpha
    bool top_down;
    unsigned bits;
    uint32_t compression;
    struct bmp_channel channels[4];
    uint8_t palette[256][3];
    const uint8_t *data; // from the first byte of pixels
    size_t size;         // to the end of the file
};

enum { BMP_RGB = 0, BMP_RLE8 = 1, BMP_RLE4 = 2, BMP_BITFIELDS = 3 };

/// Reads everything before the pixels. `bmp` refers to `bytes` afterwards.
bool bmp_read_header(const uint8_t *bytes, size_t size, struct bmp *bmp, struct failure *failure);

/// Decodes into width × height × bands bytes, top row first.
bool bmp_decode(const struct bmp *bmp, uint8_t *pixels, struct failure *failure);

/// Decodes BI_RLE4 and BI_RLE8.
bool bmp_decode_runs(const struct bmp *bmp, uint8_t *pixels, struct failure *failure);

#endif
