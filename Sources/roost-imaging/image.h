/// One request's way through the worker: decode once, correct, make the renditions from large to small.
#ifndef ROOST_IMAGE_H
#define ROOST_IMAGE_H

#include "protocol.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vips/vips.h>

enum image_format { FORMAT_JPEG, FORMAT_PNG, FORMAT_WEBP, FORMAT_GIF, FORMAT_TIFF, FORMAT_BMP };

enum image_encoding { ENCODING_JPEG, ENCODING_PNG, ENCODING_WEBP };

/// One output asked for: the image fitted into `width` × `height`, never enlarged.
struct rendition_request {
    enum image_encoding encoding;
    int quality;
    int width;
    int height;
};

struct image_request {
    enum image_format format;
    uint64_t max_pixels;
    size_t count;
    struct rendition_request renditions[IMAGING_RENDITIONS_MAX];
};

struct rendition_answer {
    int width;
    int height;
    int64_t bytes;
};

/// Sizes are those of the upright image.
struct image_answer {
    int width;
    int height;
    char blurhash[32];
    struct rendition_answer renditions[IMAGING_RENDITIONS_MAX];
};

/// Why a request failed: one of protocol.h's codes, and the library's words for people.
struct failure {
    const char *code;
    char reason[IMAGING_REASON_MAX + 1];
};

/// Notes a failure. Always returns false, so that callers can return it.
bool failed(struct failure *failure, const char *code, const char *reason);

/// Notes what libvips complained of, and clears its buffer. Always returns false.
bool failed_in_vips(struct failure *failure, const char *code);

/// Serves one request. Reads `input`, writes `outputs`, closes none of them.
bool image_process(
    const struct image_request *request, int input, const int *outputs, struct image_answer *answer,
    struct failure *failure);

/// Decodes the first frame of `input` into memory: 8 bit, sRGB or grey, with or without alpha, as stored (not yet
/// upright), free of metadata but for the orientation.
bool image_load(
    enum image_format format, int input, uint64_t max_pixels, VipsImage **image, struct failure *failure);

/// Makes 8 bit sRGB (or grey) of what the decoder delivers.
bool image_to_srgb(VipsImage *image, VipsImage **corrected, struct failure *failure);

/// Makes a new image of exactly `width` × `height` in memory.
bool image_resize(VipsImage *image, int width, int height, VipsImage **resized, struct failure *failure);

/// Turns the image upright and, where there can be no alpha, lays it on white. Returns 0, or -1 as libvips does.
int image_prepare(VipsImage *image, bool opaque, VipsImage **prepared);

/// Encodes the image, upright, into the descriptor.
bool image_save(
    VipsImage *image, const struct rendition_request *rendition, int output, int64_t *bytes, struct failure *failure);

/// The BlurHash of the upright image, which is in memory.
bool image_placeholder(VipsImage *image, char *blurhash, struct failure *failure);

#endif
