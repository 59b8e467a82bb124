/// Colour: everything becomes 8 bit sRGB, or 8 bit grey.

#include "image.h"

#include <stdlib.h>
#include <string.h>

/// Converts by the embedded profile. CMYK without a usable one is read by libvips' own press profile.
static int convert(VipsImage *image, VipsImage **converted) {
    if (image->Type == VIPS_INTERPRETATION_CMYK) {
        return vips_icc_transform(
            image, converted, "srgb", "embedded", TRUE, "input_profile", "cmyk", "depth", 8,
            "black_point_compensation", TRUE, NULL);
    }
    return vips_icc_transform(image, converted, "srgb", "embedded", TRUE, "depth", 8, NULL);
}

/// Whether the embedded profile is sRGB under whatever name: it maps a sample of all colours onto themselves, give or
/// take rounding. Most photos carry such a profile, and leaving their pixels alone is both exact and quick. (Names and
/// checksums do not tell: there are dozens of sRGB profiles, and linear ones that say sRGB in their name.)
static bool profile_is_srgb(VipsImage *image) {
    static const uint8_t levels[] = {0, 32, 64, 96, 128, 160, 192, 224, 255};
    enum { COUNT = sizeof levels };
    const bool grey = image->Type == VIPS_INTERPRETATION_B_W || image->Type == VIPS_INTERPRETATION_GREY16;
    const int bands = grey ? 1 : 3;
    const int count = grey ? COUNT : COUNT * COUNT * COUNT;
    uint8_t colours[COUNT * COUNT * COUNT * 3];
    for (int i = 0; i < count; i++) {
        int rest = i;
        for (int band = 0; band < bands; band++, rest /= COUNT) {
            colours[i * bands + band] = levels[rest % COUNT];
        }
    }
    const void *profile = NULL;
    size_t length = 0;
    size_t size = 0;
    bool same = false;
    VipsImage *sample = vips_image_new_from_memory(colours, (size_t)count * bands, count, 1, bands, VIPS_FORMAT_UCHAR);
    VipsImage *tagged = NULL;
    VipsImage *mapped = NULL;
    uint8_t *result = NULL;
    if (sample != NULL && vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &length) == 0
        && vips_copy(
               sample, &tagged, "interpretation", grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB, NULL)
            == 0) {
        vips_image_set_blob_copy(tagged, VIPS_META_ICC_NAME, profile, length);
        if (convert(tagged, &mapped) == 0 && mapped->Bands == 3) {
            result = vips_image_write_to_memory(mapped, &size);
        }
    }
    if (result != NULL) {
        same = true;
        for (int i = 0; same && i < count * 3; i++) {
            const int before = colours[grey ? i / 3 : i];
            same = abs(before - result[i]) <= 2;
        }
    }
    g_free(result);
    g_clear_object(&mapped);
    g_clear_object(&tagged);
    g_clear_object(&sample);
    vips_error_clear();
    return same;
}

bool image_to_srgb(VipsImage *image, VipsImage **corrected, struct failure *failure) {
    if (image->BandFmt != VIPS_FORMAT_UCHAR && image->BandFmt != VIPS_FORMAT_USHORT) {
        return failed(failure, "unsupported", "samples are neither 8 nor 16 bit integers");
    }
    if (image->Bands > (image->Type == VIPS_INTERPRETATION_CMYK ? 5 : 4)) {
        return failed(failure, "unsupported", "too many channels");
    }
    VipsImage *converted = NULL;
    if (image->Type == VIPS_INTERPRETATION_CMYK) {
        if (convert(image, &converted) != 0) {
            return failed_in_vips(failure, "corrupt");
        }
    } else if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0 || profile_is_srgb(image)
        || convert(image, &converted) != 0) {
        // No profile, sRGB, or one that is broken or meant for another kind of image: as browsers do, take sRGB.
        vips_error_clear();
        converted = image;
        g_object_ref(image);
    }
    const VipsInterpretation target = converted->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    VipsImage *plain = NULL;
    int result = vips_colourspace(converted, &plain, target, NULL);
    g_object_unref(converted);
    if (result == 0) {
        result = vips_cast_uchar(plain, corrected, NULL);
        g_object_unref(plain);
    }
    return result == 0 || failed_in_vips(failure, "unsupported");
}
