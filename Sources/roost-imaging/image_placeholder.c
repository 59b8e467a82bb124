/// The placeholder: a thumbnail of plain averages, turned upright, as BlurHash.

#include "blurhash.h"
#include "image.h"

#include <string.h>

enum { SIDE = 32 };

/// Shrinks to `width` × `height` by averaging what falls into each cell. libvips' own ways to so small a size cost
/// more than encoding the image.
static void average(VipsImage *image, int width, int height, uint8_t *pixels) {
    uint64_t sums[SIDE * 4];
    const int bands = image->Bands;
    for (int row = 0, y = 0; row < height; row++) {
        const int end = (int)((int64_t)(row + 1) * image->Ysize / height);
        const int first = y;
        memset(sums, 0, sizeof sums);
        for (; y < end; y++) {
            const uint8_t *from = VIPS_IMAGE_ADDR(image, 0, y);
            for (int column = 0, x = 0; column < width; column++) {
                const int edge = (int)((int64_t)(column + 1) * image->Xsize / width);
                for (; x < edge; x++) {
                    for (int band = 0; band < bands; band++) {
                        sums[column * bands + band] += *from++;
                    }
                }
            }
        }
        for (int column = 0; column < width; column++) {
            const int64_t left = (int64_t)column * image->Xsize / width;
            const int64_t right = (int64_t)(column + 1) * image->Xsize / width;
            const uint64_t count = (uint64_t)(right - left) * (uint64_t)(end - first);
            for (int band = 0; band < bands; band++) {
                *pixels++ = (uint8_t)((sums[column * bands + band] + count / 2) / count);
            }
        }
    }
}

bool image_placeholder(VipsImage *image, char *blurhash, struct failure *failure) {
    uint8_t cells[SIDE * SIDE * 4];
    const double scale = VIPS_MIN(1.0, (double)SIDE / VIPS_MAX(image->Xsize, image->Ysize));
    const int width = VIPS_MAX(1, (int)(image->Xsize * scale));
    const int height = VIPS_MAX(1, (int)(image->Ysize * scale));
    average(image, width, height, cells);

    VipsImage *upright = NULL;
    VipsImage *colour = NULL;
    uint8_t *pixels = NULL;
    VipsImage *tiny = vips_image_new_from_memory(
        cells, (size_t)width * height * image->Bands, width, height, image->Bands, VIPS_FORMAT_UCHAR);
    if (tiny != NULL) {
        tiny->Type = image->Type;
        vips_image_set_int(tiny, VIPS_META_ORIENTATION, vips_image_get_orientation(image));
        if (image_prepare(tiny, true, &upright) == 0
            && vips_colourspace(upright, &colour, VIPS_INTERPRETATION_sRGB, NULL) == 0) {
            size_t size = 0;
            pixels = vips_image_write_to_memory(colour, &size);
        }
    }
    const bool done = pixels != NULL || failed_in_vips(failure, "internal");
    if (done) {
        const bool landscape = colour->Xsize >= colour->Ysize;
        blurhash_encode(pixels, colour->Xsize, colour->Ysize, landscape ? 4 : 3, landscape ? 3 : 4, blurhash);
    }
    g_free(pixels);
    g_clear_object(&colour);
    g_clear_object(&upright);
    g_clear_object(&tiny);
    return done;
}
