/// The bitmap decoder of roost-imaging: any bytes are decoded into exactly the memory that the header asks for, or refused.
///
/// Compiled by Scripts/fuzz with AddressSanitizer and UndefinedBehaviorSanitizer.

#include "bmp.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/// More than any profile permits would only make each case slow.
enum { MAX_PIXELS = 1 << 16 };

bool failed(struct failure *failure, const char *code, const char *reason) {
    (void)reason;
    failure->code = code;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    // A copy of its own, so that a read behind the file's end is seen.
    uint8_t *bytes = malloc(size > 0 ? size : 1);
    memcpy(bytes, data, size);
    struct bmp bmp;
    struct failure failure = {0};
    if (bmp_read_header(bytes, size, &bmp, &failure)) {
        assert(bmp.width > 0 && bmp.height > 0 && (bmp.bands == 3 || bmp.bands == 4));
        if ((uint64_t)bmp.width * bmp.height <= MAX_PIXELS) {
            const size_t length = (size_t)bmp.width * bmp.height * bmp.bands;
            uint8_t *pixels = malloc(length);
            // Twice over different memory: a pixel that nobody wrote would differ.
            memset(pixels, 0, length);
            const bool first = bmp_decode(&bmp, pixels, &failure);
            uint8_t *again = malloc(length);
            memset(again, 0xFF, length);
            const bool second = bmp_decode(&bmp, again, &failure);
            assert(first == second);
            assert(!first || memcmp(pixels, again, length) == 0);
            free(again);
            free(pixels);
        }
    } else {
        assert(failure.code != NULL);
    }
    free(bytes);
    return 0;
}
