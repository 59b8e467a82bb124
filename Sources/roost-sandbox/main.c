/// `roost-sandbox`: see ../protocol.h.

#include "launcher.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail_because(const char *step, const char *reason) {
    fprintf(stderr, "roost-sandbox: %s: %s\n", step, reason);
    exit(125);
}

void fail(const char *step) {
    fail_because(step, strerror(errno));
}

int main(int count, char **arguments) {
    if (count >= 2 && strcmp(arguments[1], "launch") == 0) {
        const struct options options = parse_options(count - 2, arguments + 2);
        launch(&options);
    }
    if (count == 2 && strcmp(arguments[1], "check") == 0) {
        print_check();
        return 0;
    }
    fail_because("usage", "roost-sandbox launch [options] -- PROGRAM [ARGUMENT]... | roost-sandbox check");
}
