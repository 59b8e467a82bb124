/// Landlock: reach only the named paths, no TCP, no abstract sockets or signals to outside.
///
/// The kernel's documentation: https://docs.kernel.org/userspace-api/landlock.html. The system calls are made raw
/// and the newer rights spelled here, since distributions' headers lag behind their kernels.

#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    CREATE_RULESET = 444,
    ADD_RULE = 445,
    RESTRICT_SELF = 446,
    RULE_PATH_BENEATH = 1,
    CREATE_RULESET_VERSION = 1,
};

enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    ALL_OF_ABI_1 = (1 << 13) - 1,
    REFER = 1 << 13,     // ABI 2
    TRUNCATE = 1 << 14,  // ABI 3
    IOCTL_DEV = 1 << 15, // ABI 5
    READ_ONLY = EXECUTE | READ_FILE | READ_DIR,
    OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
};

struct ruleset_attributes {
    uint64_t files;
    uint64_t network; // ABI 4: TCP bind and connect
    uint64_t scopes;  // ABI 6: abstract unix sockets and signals
};

struct path_beneath_attributes {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

int landlock_abi(void) {
    long abi = syscall(CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);
    return abi < 0 ? 0 : (int)abi;
}

static void allow(int ruleset, const char *path, uint64_t rights) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail(path);
    }
    if (!S_ISDIR(status.st_mode)) {
        rights &= OF_A_FILE;
    }
    struct path_beneath_attributes rule = {.allowed = rights, .parent = fd};
    if (syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0) {
        fail(path);
    }
    close(fd);
}

void landlock_restrict(const struct options *options) {
    const int abi = landlock_abi();
    if (abi == 0) {
        fail_because("landlock", "not offered by this kernel");
    }
    struct ruleset_attributes handled = {.files = ALL_OF_ABI_1};
    size_t size = sizeof handled.files;
    if (abi >= 2) {
        handled.files |= REFER;
    }
    if (abi >= 3) {
        handled.files |= TRUNCATE;
    }
    if (abi >= 4) {
        handled.network = 3;
        size = offsetof(struct ruleset_attributes, scopes);
    }
    if (abi >= 5) {
        handled.files |= IOCTL_DEV;
    }
    if (abi >= 6) {
        handled.scopes = 3;
        size = sizeof handled;
    }
    int ruleset = (int)syscall(CREATE_RULESET, &handled, size, 0);
    if (ruleset < 0) {
        fail("landlock ruleset");
    }
    for (size_t i = 0; i < options->read_only_count; i++) {
        allow(ruleset, options->read_only[i], READ_ONLY);
    }
    for (size_t i = 0; i < options->read_write_count; i++) {
        allow(ruleset, options->read_write[i], handled.files & ~(uint64_t)EXECUTE);
    }
    if (syscall(RESTRICT_SELF, ruleset, 0) != 0) {
        fail("landlock");
    }
    close(ruleset);
}
