// The calls of the program that open, read, synchronize and name what is in its data folder; each can be failed.
// Preloaded (LD_PRELOAD, man 8 ld.so); what the C library calls inside itself is not seen.
#define _GNU_SOURCE
#include "control.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/// Passes a call on unless it concerns the folder and is to fail.
#define DESCRIPTOR_CALL(result, name, kind, parameters, arguments)                                                    \
    result name parameters {                                                                                          \
        if (concerns(fd) && fails(kind, #name, NULL)) return -1;                                                      \
        return REAL(name) arguments;                                                                                  \
    }
#define PATH_CALL(name, kind, folder, path, parameters, arguments)                                                    \
    int name parameters {                                                                                             \
        if (concerns_path(folder, path) && fails(kind, #name, path)) return -1;                                       \
        return REAL(name) arguments;                                                                                  \
    }
#define OPEN_CALL(name, folder, parameters, call)                                                                     \
    int name parameters {                                                                                             \
        va_list list;                                                                                                 \
        va_start(list, flags);                                                                                        \
        const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;                                  \
        va_end(list);                                                                                                 \
        const int is_below = concerns_path(folder, path);                                                             \
        if (is_below && fails(flags & O_CREAT ? (control->variant & 2 ? NAMES : OPENS) : OPENS, #name, path)) {        \
            return -1;                                                                                                \
        }                                                                                                             \
        const int fd = call;                                                                                          \
        if (fd >= 0) remember(fd, is_below);                                                                          \
        return fd;                                                                                                    \
    }

OPEN_CALL(open, AT_FDCWD, (const char *path, int flags, ...), REAL(open)(path, flags, mode))
OPEN_CALL(open64, AT_FDCWD, (const char *path, int flags, ...), REAL(open64)(path, flags, mode))
OPEN_CALL(openat, dir, (int dir, const char *path, int flags, ...), REAL(openat)(dir, path, flags, mode))
OPEN_CALL(openat64, dir, (int dir, const char *path, int flags, ...), REAL(openat64)(dir, path, flags, mode))

DESCRIPTOR_CALL(ssize_t, read, READS, (int fd, void *bytes, size_t count), (fd, bytes, count))
DESCRIPTOR_CALL(ssize_t, pread, READS, (int fd, void *bytes, size_t count, off_t at), (fd, bytes, count, at))
DESCRIPTOR_CALL(ssize_t, pread64, READS, (int fd, void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
DESCRIPTOR_CALL(
    ssize_t, preadv2, READS, (int fd, const struct iovec *parts, int count, off_t at, int flags),
    (fd, parts, count, at, flags))
DESCRIPTOR_CALL(int, fsync, SYNCS, (int fd), (fd))
DESCRIPTOR_CALL(int, fdatasync, SYNCS, (int fd), (fd))
DESCRIPTOR_CALL(int, fchmod, REMOVES, (int fd, mode_t mode), (fd, mode))

PATH_CALL(mkdir, NAMES, AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
PATH_CALL(mkdirat, NAMES, dir, path, (int dir, const char *path, mode_t mode), (dir, path, mode))
PATH_CALL(rmdir, REMOVES, AT_FDCWD, path, (const char *path), (path))
PATH_CALL(rename, NAMES, AT_FDCWD, to, (const char *from, const char *to), (from, to))
PATH_CALL(link, NAMES, AT_FDCWD, to, (const char *from, const char *to), (from, to))
PATH_CALL(
    linkat, NAMES, to_dir, to, (int from_dir, const char *from, int to_dir, const char *to, int flags),
    (from_dir, from, to_dir, to, flags))
