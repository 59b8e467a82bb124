/// Failures: a code for the server, words for people.

#include "image.h"

#include <string.h>

bool failed(struct failure *failure, const char *code, const char *reason) {
    size_t n = 0;
    failure->code = code;
    for (; *reason != '\0' && n < IMAGING_REASON_MAX; reason++) {
        // One printable line, whatever a hostile file made a library say.
        failure->reason[n++] = *reason >= ' ' && *reason <= '~' ? *reason : ' ';
    }
    while (n > 0 && failure->reason[n - 1] == ' ') {
        n--;
    }
    failure->reason[n] = '\0';
    return false;
}

bool failed_in_vips(struct failure *failure, const char *code) {
    // libvips reports by text alone. These are its words and its codecs' for the causes worth telling apart.
    static const char *const truncated[] = {
        "remature end", "nexpected end", "end of file", "EOF", "truncated", "Read Error", "read error", "not enough data",
        "nsufficient data", "short read",
    };
    static const char *const memory[] = {
        "out of memory", "unable to allocate", "Out of memory", "nsufficient memory", "Cannot allocate memory",
    };
    // Of the machine, not of the file: no thread, no descriptor, a disk that does not read.
    static const char *const machine[] = {
        "creating thread", "Resource temporarily unavailable", "Too many open files", "Input/output error", "unable to mmap",
    };
    const char *text = vips_error_buffer();
    for (size_t i = 0; i < G_N_ELEMENTS(truncated); i++) {
        if (strcmp(code, "corrupt") == 0 && strstr(text, truncated[i]) != NULL) {
            code = "truncated";
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(memory); i++) {
        if (strstr(text, memory[i]) != NULL) {
            code = "memory";
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(machine); i++) {
        if (strstr(text, machine[i]) != NULL) {
            code = "internal";
        }
    }
    failed(failure, code, text);
    vips_error_clear();
    return false;
}
