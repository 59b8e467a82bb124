/// The launcher's command line.

#include "launcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static unsigned long long number(const char *option, const char *text, unsigned long long max) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > max) {
        fail_because(option, "not a number in range");
    }
    return value;
}

static void add_limit(struct options *options, const char *option, const char *text, int resource) {
    if (options->limit_count == LAUNCHER_LIMITS_MAX) {
        fail_because(option, "given twice");
    }
    options->limits[options->limit_count++] =
        (struct limit){.resource = resource, .value = number(option, text, (unsigned long long)RLIM_INFINITY / 2)};
}

static void add_path(const char **paths, size_t *count, const char *option, const char *path) {
    if (*count == LAUNCHER_PATHS_MAX) {
        fail_because(option, "too many paths");
    }
    paths[(*count)++] = path;
}

struct options parse_options(int count, char **arguments) {
    struct options options = {0};
    int i = 0;
    for (; i < count && strcmp(arguments[i], "--") != 0; i += 2) {
        const char *option = arguments[i];
        if (i + 1 == count) {
            fail_because(option, "needs a value");
        }
        const char *value = arguments[i + 1];
        if (strcmp(option, "--cpu") == 0) {
            add_limit(&options, option, value, RLIMIT_CPU);
        } else if (strcmp(option, "--memory") == 0) {
            add_limit(&options, option, value, RLIMIT_AS);
        } else if (strcmp(option, "--file-size") == 0) {
            add_limit(&options, option, value, RLIMIT_FSIZE);
        } else if (strcmp(option, "--open-files") == 0) {
            add_limit(&options, option, value, RLIMIT_NOFILE);
        } else if (strcmp(option, "--nice") == 0) {
            options.nice = (int)number(option, value, 19);
        } else if (strcmp(option, "--parent") == 0) {
            options.parent = (pid_t)number(option, value, 1U << 30);
        } else if (strcmp(option, "--seccomp") == 0) {
            if (strcmp(value, "decoder") != 0) {
                fail_because(option, "the only filter is 'decoder'");
            }
            options.seccomp = true;
        } else if (strcmp(option, "--landlock-ro") == 0) {
            add_path(options.read_only, &options.read_only_count, option, value);
        } else if (strcmp(option, "--landlock-rw") == 0) {
            add_path(options.read_write, &options.read_write_count, option, value);
        } else {
            fail_because(option, "unknown option");
        }
    }
    if (i + 1 >= count) {
        fail_because("arguments", "no program after '--'");
    }
    options.program = arguments + i + 1;
    return options;
}
