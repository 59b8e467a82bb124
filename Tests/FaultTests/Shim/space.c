// The calls that take or give back space in the data folder: each can be failed, and together they can be bounded.
#define _GNU_SOURCE
#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

/// Writes as much as there is room for, as a file system does: a short count first, ENOSPC when nothing fits.
#define WRITE_CALL(name, offset, parameters, call)                                                                    \
    ssize_t name parameters {                                                                                         \
        if (!concerns(fd)) return call;                                                                               \
        if (fails(WRITES, #name, NULL)) return -1;                                                                    \
        const size_t wanted = count;                                                                                  \
        count = take_room(fd, offset, wanted);                                                                        \
        if (count == 0 && wanted > 0) {                                                                               \
            errno = ENOSPC;                                                                                           \
            return -1;                                                                                                \
        }                                                                                                             \
        return call;                                                                                                  \
    }

WRITE_CALL(write, -1, (int fd, const void *bytes, size_t count), REAL(write)(fd, bytes, count))
WRITE_CALL(pwrite, at, (int fd, const void *bytes, size_t count, off_t at), REAL(pwrite)(fd, bytes, count, at))
WRITE_CALL(pwrite64, at, (int fd, const void *bytes, size_t count, off64_t at), REAL(pwrite64)(fd, bytes, count, at))

ssize_t pwritev(int fd, const struct iovec *parts, int number, off_t at) {
    if (!concerns(fd)) return REAL(pwritev)(fd, parts, number, at);
    if (fails(WRITES, "pwritev", NULL)) return -1;
    size_t wanted = 0;
    for (int i = 0; i < number; i++) wanted += parts[i].iov_len;
    const size_t room = take_room(fd, at, wanted);
    if (room == wanted) return REAL(pwritev)(fd, parts, number, at);
    if (room == 0) {
        errno = ENOSPC;
        return -1;
    }
    const size_t first = parts[0].iov_len < room ? parts[0].iov_len : room;
    give_room((int64_t)(room - first));
    return REAL(pwrite)(fd, parts[0].iov_base, first, at);
}

static int shorten(int fd, off_t size, int (*real)(int, off_t)) {
    struct stat before = {0};
    const int is_counted = concerns(fd) && fstat(fd, &before) == 0;
    if (is_counted && fails(WRITES, "ftruncate", NULL)) return -1;
    const int result = real(fd, size);
    if (result == 0 && is_counted) give_room(before.st_size - size);
    return result;
}

int ftruncate(int fd, off_t size) { return shorten(fd, size, REAL(ftruncate)); }
int ftruncate64(int fd, off64_t size) { return shorten(fd, size, REAL(ftruncate64)); }

/// Removes an entry; its bytes are free when that was its last name.
#define REMOVE_CALL(name, folder, parameters, call)                                                                   \
    int name parameters {                                                                                             \
        if (!concerns_path(folder, path)) return call;                                                                \
        struct stat before = {0};                                                                                     \
        const int is_file = fstatat(folder, path, &before, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(before.st_mode);       \
        if (fails(REMOVES, #name, path)) return -1;                                                                   \
        const int result = call;                                                                                      \
        if (result == 0 && is_file && before.st_nlink == 1) give_room(before.st_size);                                \
        return result;                                                                                                \
    }

REMOVE_CALL(unlink, AT_FDCWD, (const char *path), REAL(unlink)(path))
REMOVE_CALL(remove, AT_FDCWD, (const char *path), REAL(remove)(path))
REMOVE_CALL(unlinkat, dir, (int dir, const char *path, int flags), REAL(unlinkat)(dir, path, flags))

int fstatvfs(int fd, struct statvfs *status) {
    if (concerns(fd) && fails(READS, "fstatvfs", NULL)) return -1;
    const int result = REAL(fstatvfs)(fd, status);
    if (result == 0 && concerns(fd) && control->capacity > 0) {
        const int64_t room = control->capacity - control->used;
        status->f_bavail = room > 0 ? (fsblkcnt_t)room / status->f_frsize : 0;
    }
    return result;
}
