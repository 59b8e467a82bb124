#define _GNU_SOURCE
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static char root[4096];
static size_t root_bytes;

static void say(const char *text) { syscall(SYS_write, 2, text, strlen(text)); }

void not_modelled(const char *what) {
    say("power loss: not modelled: ");
    say(what);
    say("\n");
    abort();
}

__attribute__((constructor)) static void start(void) {
    const char *folder = getenv("ROOST_POWER_LOSS_ROOT");
    const char *path = getenv("ROOST_POWER_LOSS_JOURNAL");
    // Decoders run in a sandbox, where neither this library nor the journal is.
    unsetenv("LD_PRELOAD");
    if (!folder || !path || !realpath(folder, root)) return;
    root_bytes = strlen(root);
    // Each program has a journal of its own: the one before may have been killed within a record.
    for (int number = 0; journal < 0; number++) {
        char own[4096];
        snprintf(own, sizeof own, "%s/%06d", path, number);
        journal = (int)syscall(SYS_openat, AT_FDCWD, own, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
        if (journal < 0 && errno != EEXIST) not_modelled("a journal that cannot be opened");
    }
}

void journal_lock(void) { pthread_mutex_lock(&lock); }
void journal_unlock(void) { pthread_mutex_unlock(&lock); }
bool journal_is_open(void) { return journal >= 0; }
uint64_t journal_size(void) { return (uint64_t)lseek(journal, 0, SEEK_END); }

void journal_add(enum record_kind kind, uint64_t inode, uint64_t number, const char *path, const char *other,
                 const void *data, size_t data_bytes) {
    struct record record = {
        .magic = 0x524F4F53,
        .kind = kind,
        .inode = inode,
        .number = number,
        .path_bytes = path ? (uint32_t)strlen(path) : 0,
        .other_bytes = other ? (uint32_t)strlen(other) : 0,
        .data_bytes = data_bytes,
    };
    struct iovec parts[] = {
        {&record, sizeof record},
        {(void *)path, record.path_bytes},
        {(void *)other, record.other_bytes},
        {(void *)data, data_bytes},
    };
    size_t whole = sizeof record + record.path_bytes + record.other_bytes + data_bytes;
    // A kill may leave half a record at the end; the reader leaves it out.
    ssize_t written = syscall(SYS_writev, journal, parts, 4);
    if (written != (ssize_t)whole) not_modelled("a journal that cannot be written");
}

void journal_add_contents(enum record_kind kind, int file, uint64_t inode, uint64_t offset, uint64_t bytes) {
    char *copy = malloc(bytes ? bytes : 1);
    if (!copy) not_modelled("contents that do not fit into memory");
    // The descriptor may only write.
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    int reading = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    uint64_t done = 0;
    while (done < bytes) {
        ssize_t count = syscall(SYS_pread64, reading, copy + done, bytes - done, offset + done);
        if (count <= 0) not_modelled("contents that cannot be read");
        done += (uint64_t)count;
    }
    syscall(SYS_close, reading);
    journal_add(kind, inode, offset, NULL, NULL, copy, bytes);
    free(copy);
}

// Takes "." and empty components out; the product uses no "..".
static bool tidy(char *path) {
    char *to = path, *from = path;
    while (*from) {
        while (*from == '/') from++;
        size_t length = strcspn(from, "/");
        if (length == 2 && !strncmp(from, "..", 2)) return false;
        if (length && !(length == 1 && *from == '.')) {
            *to++ = '/';
            memmove(to, from, length);
            to += length;
        }
        from += length;
    }
    *to = 0;
    return true;
}

static bool below_root(char *whole, char *result, size_t size) {
    if (!tidy(whole)) return false;
    if (strncmp(whole, root, root_bytes) || (whole[root_bytes] && whole[root_bytes] != '/')) return false;
    const char *rest = whole + root_bytes;
    return (size_t)snprintf(result, size, "%s", *rest == '/' ? rest + 1 : rest) < size;
}

static bool folder_path(int folder, char *result, size_t size) {
    if (folder == AT_FDCWD) return getcwd(result, size) != NULL;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, result, size - 1);
    if (length < 0) return false;
    result[length] = 0;
    return true;
}

bool recorded_path(int folder, const char *path, char *result, size_t size) {
    if (!journal_is_open() || !path) return false;
    int error = errno;
    char whole[8192];
    bool is_below = false;
    if (path[0] == '/') {
        is_below = (size_t)snprintf(whole, sizeof whole, "%s", path) < sizeof whole && below_root(whole, result, size);
    } else if (folder_path(folder, whole, 4096)) {
        size_t length = strlen(whole);
        is_below = (size_t)snprintf(whole + length, sizeof whole - length, "/%s", path) < sizeof whole - length &&
                   below_root(whole, result, size);
    }
    errno = error;
    return is_below;
}

bool recorded_file(int file, uint64_t *inode) {
    if (!journal_is_open() || file == journal) return false;
    int error = errno;
    struct stat status;
    char path[4096];
    // A file without a name any more keeps its old path with a remark behind it.
    bool is_below = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && folder_path(file, path, sizeof path) &&
                    !strncmp(path, root, root_bytes) && path[root_bytes] == '/';
    if (is_below) *inode = status.st_ino;
    errno = error;
    return is_below;
}

bool recorded_folder(int folder, char *path, size_t size) {
    if (!journal_is_open()) return false;
    int error = errno;
    struct stat status;
    char whole[4096];
    bool is_below = fstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && folder_path(folder, whole, sizeof whole) &&
                    below_root(whole, path, size);
    errno = error;
    return is_below;
}
