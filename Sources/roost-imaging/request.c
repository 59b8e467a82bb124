/// Reading requests, writing answers.

#include "request.h"

#include <stdio.h>
#include <string.h>

static const char *const formats[] = {"jpeg", "png", "webp", "gif", "tiff", "bmp"};

/// Takes `word` and the character after it.
static bool take(const char **text, const char *word, char after) {
    const size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0 || (*text)[length] != after) {
        return false;
    }
    *text += length + 1;
    return true;
}

/// Takes one of the first `count` formats.
static bool take_format(const char **text, int count, char after, int *which) {
    for (*which = 0; *which < count; (*which)++) {
        if (take(text, formats[*which], after)) {
            return true;
        }
    }
    return false;
}

/// Takes a decimal number of 1 … `max` and the character after it.
static bool take_number(const char **text, uint64_t max, char after, uint64_t *number) {
    const char *at = *text;
    *number = 0;
    for (; *at >= '0' && *at <= '9' && *number <= max; at++) {
        *number = *number * 10 + (uint64_t)(*at - '0');
    }
    if (*number == 0 || *number > max || *at != after) {
        return false;
    }
    *text = at + 1;
    return true;
}

static bool take_rendition(const char **text, struct rendition_request *rendition) {
    int encoding;
    uint64_t quality;
    uint64_t width;
    uint64_t height;
    // The encodings are the first three formats.
    if (!take(text, "rendition", ' ') || !take_format(text, 3, ' ', &encoding) || !take_number(text, 100, ' ', &quality)
        || !take_number(text, INT32_MAX, ' ', &width) || !take_number(text, INT32_MAX, '\n', &height)) {
        return false;
    }
    rendition->encoding = (enum image_encoding)encoding;
    rendition->quality = (int)quality;
    rendition->width = (int)width;
    rendition->height = (int)height;
    return true;
}

bool request_parse(const char *text, struct image_request *request) {
    int format;
    if (!take(&text, "image", ' ') || !take_format(&text, G_N_ELEMENTS(formats), ' ', &format)
        || !take_number(&text, UINT32_MAX, '\n', &request->max_pixels)) {
        return false;
    }
    request->format = (enum image_format)format;
    request->count = 0;
    while (*text != '\0') {
        if (request->count == IMAGING_RENDITIONS_MAX || !take_rendition(&text, &request->renditions[request->count])) {
            return false;
        }
        request->count++;
    }
    return request->count > 0;
}

void answer_write(const struct image_request *request, const struct image_answer *answer, char *text) {
    char *const end = text + IMAGING_MESSAGE_MAX;
    text += snprintf(text, end - text, "ok %d %d %s\n", answer->width, answer->height, answer->blurhash);
    for (size_t i = 0; i < request->count; i++) {
        const struct rendition_answer *rendition = &answer->renditions[i];
        text += snprintf(
            text, end - text, "rendition %d %d %lld\n", rendition->width, rendition->height,
            (long long)rendition->bytes);
    }
}

void failure_write(const struct failure *failure, char *text) {
    snprintf(text, IMAGING_MESSAGE_MAX, "error %s %s\n", failure->code, failure->reason);
}
