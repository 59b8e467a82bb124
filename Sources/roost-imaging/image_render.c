/// Resizing and encoding.

#include "image.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

bool image_resize(VipsImage *image, int width, int height, VipsImage **resized, struct failure *failure) {
    VipsImage *lazy = NULL;
    // The truth, since every output is made from top to bottom, and libvips keeps the lines it shrank vertically only
    // when told so: without, it shrinks them again for each tile, ten times the work for 25 megapixels.
    vips_image_set_int(image, VIPS_META_SEQUENTIAL, 1);
    // Premultiplies alpha on the way, so that transparent pixels do not colour the edges.
    const int result = vips_thumbnail_image(
        image, &lazy, width, "height", height, "size", VIPS_SIZE_FORCE, "no_rotate", TRUE, NULL);
    if (result != 0) {
        return failed_in_vips(failure, "internal");
    }
    *resized = vips_image_copy_memory(lazy);
    vips_image_remove(image, VIPS_META_SEQUENTIAL);
    g_object_unref(lazy);
    if (*resized != NULL) {
        vips_image_remove(*resized, VIPS_META_SEQUENTIAL);
    }
    return *resized != NULL || failed_in_vips(failure, "internal");
}

int image_prepare(VipsImage *image, bool opaque, VipsImage **prepared) {
    VipsImage *upright = NULL;
    if (vips_autorot(image, &upright, NULL) != 0) {
        return -1;
    }
    if (!opaque || !vips_image_hasalpha(upright)) {
        *prepared = upright;
        return 0;
    }
    const double level = 255;
    VipsArrayDouble *white = vips_array_double_new(&level, 1);
    const int result = vips_flatten(upright, prepared, "background", white, NULL);
    vips_area_unref(VIPS_AREA(white));
    g_object_unref(upright);
    return result;
}

bool image_save(
    VipsImage *image, const struct rendition_request *rendition, int output, int64_t *bytes,
    struct failure *failure) {
    VipsImage *prepared = NULL;
    VipsTarget *target = vips_target_new_to_descriptor(output);
    int result = target == NULL ? -1 : image_prepare(image, rendition->encoding == ENCODING_JPEG, &prepared);
    if (result == 0) {
        switch (rendition->encoding) {
        case ENCODING_JPEG:
            result = vips_jpegsave_target(prepared, target, "Q", rendition->quality, "strip", TRUE, NULL);
            break;
        case ENCODING_PNG:
            result = vips_pngsave_target(prepared, target, "strip", TRUE, NULL);
            break;
        case ENCODING_WEBP:
            result = vips_webpsave_target(prepared, target, "Q", rendition->quality, "strip", TRUE, NULL);
            break;
        }
    }
    g_clear_object(&prepared);
    g_clear_object(&target);
    if (result != 0) {
        return failed_in_vips(failure, "internal");
    }
    struct stat status;
    if (fstat(output, &status) != 0) {
        return failed(failure, "internal", strerror(errno));
    }
    *bytes = status.st_size;
    return true;
}
