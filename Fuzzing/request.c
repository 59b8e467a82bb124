/// The requests that the server sends to roost-imaging: any text is read as described in protocol.h, or refused.

#include "request.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > IMAGING_MESSAGE_MAX) {
        return 0;
    }
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct image_request request;
    if (request_parse(text, &request)) {
        assert(request.count > 0 && request.count <= IMAGING_RENDITIONS_MAX);
        assert(request.format <= FORMAT_BMP && request.max_pixels > 0 && request.max_pixels <= UINT32_MAX);
        struct image_answer answer = {.width = INT32_MAX, .height = INT32_MAX};
        memset(answer.blurhash, 'a', sizeof answer.blurhash - 1);
        for (size_t i = 0; i < request.count; i++) {
            const struct rendition_request *rendition = &request.renditions[i];
            assert(rendition->encoding <= ENCODING_WEBP && rendition->quality >= 1 && rendition->quality <= 100);
            assert(rendition->width > 0 && rendition->height > 0);
            answer.renditions[i] = (struct rendition_answer){INT32_MAX, INT32_MAX, INT64_MAX};
        }
        char *written = malloc(IMAGING_MESSAGE_MAX + 1);
        answer_write(&request, &answer, written);
        assert(strlen(written) < IMAGING_MESSAGE_MAX);
        free(written);
    }
    free(text);
    return 0;
}
