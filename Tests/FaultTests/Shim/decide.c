// Which calls concern the folder, and which of them fail.
#define _GNU_SOURCE
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 1 << 16 };

struct control *control;
static const char *root;
static size_t root_length;
static _Atomic unsigned char below[DESCRIPTORS];

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("ROOST_FAULT_CONTROL");
    root = getenv("ROOST_FAULT_FOLDER");
    if (path == NULL || root == NULL) {
        return;
    }
    root_length = strlen(root);
    const int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    if (file < 0) {
        abort();
    }
    void *memory =
        (void *)syscall(SYS_mmap, NULL, (size_t)CONTROL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)0);
    syscall(SYS_close, file);
    if (memory == MAP_FAILED) {
        abort();
    }
    control = memory;
}

int concerns_path(int folder, const char *path) {
    if (control == NULL || path == NULL) {
        return 0;
    }
    if (path[0] != '/') {
        return folder != AT_FDCWD && concerns(folder);
    }
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

int concerns(int descriptor) {
    return control != NULL && descriptor >= 0 && descriptor < DESCRIPTORS && atomic_load(&below[descriptor]);
}

void remember(int descriptor, int is_below) {
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        atomic_store(&below[descriptor], is_below != 0);
    }
}

/// The errors that the manual pages name for each kind, the likeliest first.
static int error_of(enum kind kind, uint32_t variant) {
    static const int errors[][2] = {
        [OPENS] = {EMFILE, ENOMEM},   [READS] = {EIO, EIO},       [WRITES] = {ENOSPC, EIO},
        [SYNCS] = {EIO, ENOSPC},      [NAMES] = {ENOSPC, EIO},    [REMOVES] = {EIO, ENOMEM},
        [MAPS] = {ENOMEM, EMFILE},    [PAIRS] = {EMFILE, ENFILE}, [STARTS] = {ENOMEM, EAGAIN},
    };
    return errors[kind][variant % 2];
}

int fails(enum kind kind, const char *operation, const char *path) {
    if (control == NULL) {
        return 0;
    }
    const uint64_t call = atomic_fetch_add(&control->calls, 1) + 1;
    if (call <= sizeof control->kinds) {
        control->kinds[call - 1] = (unsigned char)kind;
    }
    const uint64_t chosen = atomic_load(&control->fail_at);
    if (chosen == 0 || call < chosen || (call > chosen && !atomic_load(&control->lasting))) {
        return 0;
    }
    const int error = error_of(kind, atomic_load(&control->variant));
    if (atomic_fetch_add(&control->failures, 1) == 0) {
        snprintf(control->first, sizeof control->first, "%s %s %s", operation, strerrorname_np(error),
                 path != NULL ? path : "");
    }
    errno = error;
    return 1;
}

size_t take_room(int descriptor, off_t offset, size_t count) {
    const int64_t capacity = atomic_load(&control->capacity);
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return count;
    }
    if (offset < 0) {
        offset = lseek(descriptor, 0, SEEK_CUR);
    }
    const int64_t before = status.st_size > offset ? status.st_size - offset : 0;
    const int64_t growth = (int64_t)count > before ? (int64_t)count - before : 0;
    const int64_t used = atomic_fetch_add(&control->used, growth);
    if (capacity == 0 || growth == 0 || used + growth <= capacity) {
        return count;
    }
    const int64_t room = used < capacity ? capacity - used : 0;
    atomic_fetch_sub(&control->used, growth - room);
    if (before + room == 0) {
        atomic_fetch_add(&control->full, 1);
    }
    return (size_t)(before + room);
}

void give_room(int64_t bytes) { atomic_fetch_sub(&control->used, bytes); }
