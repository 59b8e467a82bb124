/// libvips' start, its settings, and one request of each kind.

#define _GNU_SOURCE
#include "warmup.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIDE = 64 };

static void set_up_vips(void) {
    static const char *const loaders[] = {
        "VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif",
        "VipsForeignLoadTiff",
    };
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(loaders); i++) {
        vips_operation_block_set(loaders[i], FALSE);
    }
    // The cache of operations knows a source by its descriptor's number, which the next owner's image will have too.
    vips_cache_set_max(0);
    // One image a worker, one worker a core.
    vips_concurrency_set(1);
}

/// A gradient, so that codecs meet more than one value.
static VipsImage *sample(int bands) {
    uint8_t pixels[SIDE * SIDE * 4];
    for (int i = 0; i < SIDE * SIDE * bands; i++) {
        pixels[i] = (uint8_t)(i * 7 / bands);
    }
    return vips_image_new_from_memory_copy(pixels, (size_t)SIDE * SIDE * bands, SIDE, SIDE, bands, VIPS_FORMAT_UCHAR);
}

enum kind { PLAIN_JPEG, PROFILED_JPEG, CMYK_JPEG, PNG, DEEP_PNG, WEBP, TIFF, GIF, KINDS };

static int write_gif(VipsTarget *target) {
    static const uint8_t gif[] = "GIF89a\1\0\1\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
    return vips_target_write(target, gif, sizeof gif - 1);
}

/// Writes a small file of the kind into `target`.
static int write_sample(enum kind kind, VipsTarget *target) {
    VipsImage *image = sample(kind == CMYK_JPEG || kind == PNG || kind == WEBP ? 4 : 3);
    VipsImage *converted = NULL;
    VipsBlob *profile = NULL;
    int result = -1;
    switch (kind) {
    case PROFILED_JPEG:
        result = vips_profile_load("p3", &profile, NULL);
        if (result == 0) {
            size_t size;
            const void *bytes = vips_blob_get(profile, &size);
            vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, bytes, size);
            vips_area_unref(VIPS_AREA(profile));
            result = vips_jpegsave_target(image, target, NULL);
        }
        break;
    case PLAIN_JPEG:
        result = vips_jpegsave_target(image, target, NULL);
        break;
    case CMYK_JPEG:
        result = vips_copy(image, &converted, "interpretation", VIPS_INTERPRETATION_CMYK, NULL);
        result = result == 0 ? vips_jpegsave_target(converted, target, NULL) : result;
        break;
    case PNG:
        result = vips_pngsave_target(image, target, NULL);
        break;
    case DEEP_PNG:
        result = vips_colourspace(image, &converted, VIPS_INTERPRETATION_RGB16, NULL);
        result = result == 0 ? vips_pngsave_target(converted, target, NULL) : result;
        break;
    case WEBP:
        result = vips_webpsave_target(image, target, NULL);
        break;
    case TIFF:
        result = vips_tiffsave_target(image, target, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, NULL);
        break;
    case GIF:
    case KINDS:
        result = write_gif(target);
        break;
    }
    g_clear_object(&converted);
    g_clear_object(&image);
    return result;
}

static bool serve_sample(enum kind kind, int input, const int outputs[3], struct failure *failure) {
    static const enum image_format formats[KINDS] = {
        FORMAT_JPEG, FORMAT_JPEG, FORMAT_JPEG, FORMAT_PNG, FORMAT_PNG, FORMAT_WEBP, FORMAT_TIFF, FORMAT_GIF,
    };
    struct image_answer answer;
    const struct image_request request = {
        .format = formats[kind],
        .max_pixels = SIDE * SIDE,
        .count = 3,
        .renditions = {
            {ENCODING_JPEG, 85, SIDE, SIDE},
            {ENCODING_PNG, 85, SIDE / 2 - 1, SIDE},
            {ENCODING_WEBP, 85, SIDE / 5, SIDE / 5},
        },
    };
    VipsTarget *target = vips_target_new_to_descriptor(input);
    const bool written = target != NULL && write_sample(kind, target) == 0 && vips_target_end(target) == 0;
    g_clear_object(&target);
    if (!written) {
        return failed_in_vips(failure, "internal");
    }
    if (lseek(input, 0, SEEK_SET) != 0) {
        return failed(failure, "internal", strerror(errno));
    }
    return image_process(&request, input, outputs, &answer, failure);
}

bool warm_up(const char *program, struct failure *failure) {
    // Each further arena reserves 64 MiB of the limited address space and keeps what it once held.
    mallopt(M_ARENA_MAX, 2);
    // Keeps libvips from loading its modules (ImageMagick, poppler, …): it looks for them below this prefix.
    setenv("VIPSHOME", "/nonexistent", 1);
    if (vips_init(program) != 0) {
        return failed_in_vips(failure, "internal");
    }
    set_up_vips();
    bool done = true;
    for (int kind = 0; done && kind < KINDS; kind++) {
        int files[4];
        for (int i = 0; i < 4; i++) {
            files[i] = memfd_create("sample", MFD_CLOEXEC);
            done = done && (files[i] >= 0 || failed(failure, "internal", strerror(errno)));
        }
        done = done && serve_sample((enum kind)kind, files[0], files + 1, failure);
        for (int i = 0; i < 4; i++) {
            close(files[i]);
        }
    }
    return done;
}
