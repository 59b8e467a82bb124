/// Decoding, by the loader that the request names and no other.

#include "bmp.h"
#include "image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// Loads by libvips' loader for the format; pixels are not decoded yet.
static bool open_image(enum image_format format, VipsSource *source, VipsImage **image) {
    const VipsAccess once = VIPS_ACCESS_SEQUENTIAL;
    // As browsers do: damage that the codec can conceal is tolerated, missing data is not.
    const VipsFailOn strictness = VIPS_FAIL_ON_TRUNCATED;
    int result = -1;
    switch (format) {
    case FORMAT_JPEG:
        result = vips_jpegload_source(source, image, "access", once, "fail_on", strictness, NULL);
        break;
    case FORMAT_PNG:
        result = vips_pngload_source(source, image, "access", once, "fail_on", strictness, NULL);
        break;
    case FORMAT_WEBP:
        result = vips_webpload_source(source, image, "access", once, "fail_on", strictness, NULL);
        break;
    case FORMAT_GIF:
        result = vips_gifload_source(source, image, "access", once, "fail_on", strictness, NULL);
        break;
    case FORMAT_TIFF:
        result = vips_tiffload_source(source, image, "access", once, "fail_on", strictness, NULL);
        break;
    case FORMAT_BMP:
        break;
    }
    return result == 0;
}

static void *remove_field(VipsImage *image, const char *name, GValue *value, void *names) {
    (void)image;
    (void)value;
    g_ptr_array_add(names, g_strdup(name));
    return NULL;
}

/// Drops all metadata but the orientation.
static void forget_metadata(VipsImage *image, int orientation) {
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    vips_image_map(image, remove_field, names);
    for (guint i = 0; i < names->len; i++) {
        vips_image_remove(image, g_ptr_array_index(names, i));
    }
    g_ptr_array_unref(names);
    if (orientation > 1) {
        vips_image_set_int(image, VIPS_META_ORIENTATION, orientation);
    }
}

static bool check_pixels(uint64_t width, uint64_t height, uint64_t max_pixels, struct failure *failure) {
    char reason[IMAGING_REASON_MAX];
    if (width * height <= max_pixels) {
        return true;
    }
    snprintf(
        reason, sizeof reason, "%llu x %llu is more than %llu pixels", (unsigned long long)width,
        (unsigned long long)height, (unsigned long long)max_pixels);
    return failed(failure, "too_large", reason);
}

static bool load_with_vips(
    enum image_format format, VipsSource *source, uint64_t max_pixels, VipsImage **image, struct failure *failure) {
    VipsImage *stored = NULL;
    VipsImage *corrected = NULL;
    if (!open_image(format, source, &stored)) {
        return failed_in_vips(failure, "corrupt");
    }
    const int orientation = vips_image_get_orientation(stored);
    bool done = check_pixels(stored->Xsize, stored->Ysize, max_pixels, failure)
        && image_to_srgb(stored, &corrected, failure);
    if (done) {
        // This decodes.
        *image = vips_image_copy_memory(corrected);
        done = *image != NULL || failed_in_vips(failure, "corrupt");
    }
    if (done) {
        forget_metadata(*image, orientation);
    }
    g_clear_object(&corrected);
    g_object_unref(stored);
    return done;
}

/// libvips has no BMP decoder of its own, only through ImageMagick.
static bool load_bmp(int input, uint64_t max_pixels, VipsImage **image, struct failure *failure) {
    struct stat status;
    struct bmp bmp;
    if (fstat(input, &status) != 0) {
        return failed(failure, "internal", strerror(errno));
    }
    if (status.st_size == 0) {
        return failed(failure, "truncated", "empty file");
    }
    const size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, input, 0);
    if (bytes == MAP_FAILED) {
        return failed(failure, "internal", strerror(errno));
    }
    bool done = bmp_read_header(bytes, size, &bmp, failure)
        && check_pixels(bmp.width, bmp.height, max_pixels, failure);
    if (done) {
        VipsImage *pixels = NULL;
        uint8_t *memory = calloc((size_t)bmp.width * bmp.height, bmp.bands);
        if (memory == NULL) {
            done = failed(failure, "memory", "no memory for the pixels");
        } else {
            done = bmp_decode(&bmp, memory, failure);
        }
        if (done) {
            const size_t length = (size_t)bmp.width * bmp.height * bmp.bands;
            pixels = vips_image_new_from_memory(
                memory, length, (int)bmp.width, (int)bmp.height, (int)bmp.bands, VIPS_FORMAT_UCHAR);
            // The image takes the pixels with it when it goes.
            done = pixels != NULL || failed_in_vips(failure, "internal");
        }
        if (done) {
            g_object_set_data_full(G_OBJECT(pixels), "pixels", memory, free);
            pixels->Type = VIPS_INTERPRETATION_sRGB;
            *image = pixels;
        } else {
            free(memory);
        }
    }
    munmap(bytes, size);
    return done;
}

/// Whether a WebP file is shorter than its RIFF header says (RFC 9649, section 2.4). libwebp does not tell that from
/// other damage.
static bool webp_is_truncated(int input) {
    uint8_t header[8];
    struct stat status;
    if (fstat(input, &status) != 0 || pread(input, header, sizeof header, 0) < (ssize_t)sizeof header) {
        return true;
    }
    const uint32_t length = header[4] | header[5] << 8 | header[6] << 16 | (uint32_t)header[7] << 24;
    return memcmp(header, "RIFF", 4) == 0 && status.st_size < (int64_t)length + 8;
}

bool image_load(
    enum image_format format, int input, uint64_t max_pixels, VipsImage **image, struct failure *failure) {
    if (format == FORMAT_BMP) {
        return load_bmp(input, max_pixels, image, failure);
    }
    VipsSource *source = vips_source_new_from_descriptor(input);
    if (source == NULL) {
        return failed_in_vips(failure, "internal");
    }
    const bool done = load_with_vips(format, source, max_pixels, image, failure);
    if (!done && format == FORMAT_WEBP && strcmp(failure->code, "corrupt") == 0 && webp_is_truncated(input)) {
        failure->code = "truncated";
    }
    g_object_unref(source);
    return done;
}
