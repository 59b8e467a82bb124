/// The recipe: decode once, then each rendition from the next larger one.

#include "image.h"

#include <stdlib.h>

/// What the encoders can write at most, in pixels of one side.
static int largest_side(enum image_encoding encoding) {
    switch (encoding) {
    case ENCODING_JPEG:
        return 65500;
    case ENCODING_WEBP:
        return 16383;
    case ENCODING_PNG:
        break;
    }
    return 1000000;
}

/// The size of the upright image of `width` × `height` fitted into what is asked.
static struct rendition_answer fit(int width, int height, const struct rendition_request *asked) {
    const int limit = largest_side(asked->encoding);
    const double horizontal = (double)VIPS_MIN(asked->width, limit) / width;
    const double vertical = (double)VIPS_MIN(asked->height, limit) / height;
    const double scale = VIPS_MIN(1.0, VIPS_MIN(horizontal, vertical));
    return (struct rendition_answer){
        .width = VIPS_MAX(1, VIPS_RINT(width * scale)),
        .height = VIPS_MAX(1, VIPS_RINT(height * scale)),
    };
}

/// Fills `order` with the indexes of the renditions, largest first.
static void sort_by_area(const struct rendition_answer *renditions, size_t count, size_t *order) {
    for (size_t i = 0; i < count; i++) {
        const int64_t area = (int64_t)renditions[i].width * renditions[i].height;
        size_t place = i;
        for (; place > 0; place--) {
            const struct rendition_answer *before = &renditions[order[place - 1]];
            if ((int64_t)before->width * before->height >= area) {
                break;
            }
            order[place] = order[place - 1];
        }
        order[place] = i;
    }
}

bool image_process(
    const struct image_request *request, int input, const int *outputs, struct image_answer *answer,
    struct failure *failure) {
    VipsImage *image = NULL;
    size_t order[IMAGING_RENDITIONS_MAX];
    if (!image_load(request->format, input, request->max_pixels, &image, failure)) {
        return false;
    }
    // Pixels stay as they are stored until they are encoded: turning a small image costs less than a large one.
    const bool lies = vips_image_get_orientation(image) >= 5;
    answer->width = lies ? image->Ysize : image->Xsize;
    answer->height = lies ? image->Xsize : image->Ysize;
    for (size_t i = 0; i < request->count; i++) {
        answer->renditions[i] = fit(answer->width, answer->height, &request->renditions[i]);
    }
    sort_by_area(answer->renditions, request->count, order);

    bool done = true;
    for (size_t i = 0; done && i < request->count; i++) {
        struct rendition_answer *rendition = &answer->renditions[order[i]];
        const int width = lies ? rendition->height : rendition->width;
        const int height = lies ? rendition->width : rendition->height;
        if (width != image->Xsize || height != image->Ysize) {
            VipsImage *smaller = NULL;
            done = image_resize(image, width, height, &smaller, failure);
            if (!done) {
                break;
            }
            g_object_unref(image);
            image = smaller;
        }
        done = image_save(image, &request->renditions[order[i]], outputs[order[i]], &rendition->bytes, failure);
    }
    done = done && image_placeholder(image, answer->blurhash, failure);
    g_object_unref(image);
    return done;
}
