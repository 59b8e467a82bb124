// The calls that change which names there are.
#define _GNU_SOURCE
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_recorded(int folder, const char *path, int flags, mode_t mode) {
    char below[4096];
    if (!(flags & (O_CREAT | O_TRUNC | O_TMPFILE)) || !recorded_path(folder, path, below, sizeof below))
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    if ((flags & O_TMPFILE) == O_TMPFILE) not_modelled("O_TMPFILE");
    journal_lock();
    struct stat status;
    bool was_there = fstatat(folder, path, &status, 0) == 0;
    int file = (int)syscall(SYS_openat, folder, path, flags, mode);
    int error = errno;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        if (!was_there)
            journal_add(RECORD_CREATE, status.st_ino, 0, below, NULL, NULL, 0);
        else if (flags & O_TRUNC)
            journal_add(RECORD_TRUNCATE, status.st_ino, 0, NULL, NULL, NULL, 0);
    }
    journal_unlock();
    errno = error;
    return file;
}

#define OPENS(name)                             \
    int name(const char *path, int flags, ...) { \
        va_list arguments;                       \
        va_start(arguments, flags);              \
        mode_t mode = va_arg(arguments, mode_t); \
        va_end(arguments);                       \
        return open_recorded(AT_FDCWD, path, flags, mode); \
    }
#define OPENS_AT(name)                                       \
    int name(int folder, const char *path, int flags, ...) { \
        va_list arguments;                                   \
        va_start(arguments, flags);                          \
        mode_t mode = va_arg(arguments, mode_t);             \
        va_end(arguments);                                   \
        return open_recorded(folder, path, flags, mode);     \
    }
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
int creat(const char *path, mode_t mode) {
    return open_recorded(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int mkdirat(int folder, const char *path, mode_t mode) {
    char below[4096];
    if (!recorded_path(folder, path, below, sizeof below)) return (int)syscall(SYS_mkdirat, folder, path, mode);
    journal_lock();
    int result = (int)syscall(SYS_mkdirat, folder, path, mode);
    int error = errno;
    if (result == 0) journal_add(RECORD_MAKE_FOLDER, 0, 0, below, NULL, NULL, 0);
    journal_unlock();
    errno = error;
    return result;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int unlinkat(int folder, const char *path, int flags) {
    char below[4096];
    if (!recorded_path(folder, path, below, sizeof below)) return (int)syscall(SYS_unlinkat, folder, path, flags);
    journal_lock();
    int result = (int)syscall(SYS_unlinkat, folder, path, flags);
    int error = errno;
    enum record_kind kind = flags & AT_REMOVEDIR ? RECORD_REMOVE_FOLDER : RECORD_UNLINK;
    if (result == 0) journal_add(kind, 0, 0, below, NULL, NULL, 0);
    journal_unlock();
    errno = error;
    return result;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    int result = unlink(path);
    return result == 0 || (errno != EISDIR && errno != EPERM) ? result : rmdir(path);
}

int linkat(int from_folder, const char *from, int folder, const char *path, int flags) {
    char below[4096];
    if (!recorded_path(folder, path, below, sizeof below))
        return (int)syscall(SYS_linkat, from_folder, from, folder, path, flags);
    journal_lock();
    int result = (int)syscall(SYS_linkat, from_folder, from, folder, path, flags);
    int error = errno;
    struct stat status;
    if (result == 0 && fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0)
        journal_add(RECORD_LINK, status.st_ino, 0, below, NULL, NULL, 0);
    journal_unlock();
    errno = error;
    return result;
}
int link(const char *from, const char *path) { return linkat(AT_FDCWD, from, AT_FDCWD, path, 0); }

int renameat2(int from_folder, const char *from, int folder, const char *path, unsigned flags) {
    char below[4096], from_below[4096];
    bool is_recorded = recorded_path(folder, path, below, sizeof below);
    if (!recorded_path(from_folder, from, from_below, sizeof from_below)) {
        if (is_recorded) not_modelled("a rename from elsewhere");
        return (int)syscall(SYS_renameat2, from_folder, from, folder, path, flags);
    }
    const char *slash = strrchr(below, '/'), *from_slash = strrchr(from_below, '/');
    size_t length = slash ? (size_t)(slash - below) : 0, from_length = from_slash ? (size_t)(from_slash - from_below) : 0;
    struct stat status;
    bool is_file = fstatat(from_folder, from, &status, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(status.st_mode);
    if (!is_recorded || flags || !is_file || length != from_length || strncmp(below, from_below, length))
        not_modelled("a rename of a folder, or from one folder to another");
    journal_lock();
    int result = (int)syscall(SYS_renameat2, from_folder, from, folder, path, flags);
    int error = errno;
    if (result == 0) journal_add(RECORD_RENAME, 0, 0, from_below, below, NULL, 0);
    journal_unlock();
    errno = error;
    return result;
}
int renameat(int from_folder, const char *from, int folder, const char *path) {
    return renameat2(from_folder, from, folder, path, 0);
}
int rename(const char *from, const char *path) { return renameat2(AT_FDCWD, from, AT_FDCWD, path, 0); }

int symlinkat(const char *target, int folder, const char *path) {
    char below[4096];
    if (recorded_path(folder, path, below, sizeof below)) not_modelled("a symbolic link");
    return (int)syscall(SYS_symlinkat, target, folder, path);
}
int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }
int truncate(const char *path, off_t size) {
    char below[4096];
    if (recorded_path(AT_FDCWD, path, below, sizeof below)) not_modelled("truncate by path");
    return (int)syscall(SYS_truncate, path, size);
}
int truncate64(const char *path, off_t size) { return truncate(path, size); }
