// The calls that change what is in a file, and those that make it durable.
#define _GNU_SOURCE
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static uint64_t size_of(int file) {
    struct stat status;
    return fstat(file, &status) == 0 ? (uint64_t)status.st_size : 0;
}

// Where `write` writes.
static uint64_t position_of(int file) {
    int flags = fcntl(file, F_GETFL);
    return flags & O_APPEND ? size_of(file) : (uint64_t)lseek(file, 0, SEEK_CUR);
}

static ssize_t record_write(int file, uint64_t inode, uint64_t offset, const struct iovec *parts, int count,
                            ssize_t written) {
    ssize_t left = written;
    for (int i = 0; i < count && left > 0; i++) {
        size_t bytes = parts[i].iov_len < (size_t)left ? parts[i].iov_len : (size_t)left;
        if (bytes) journal_add(RECORD_WRITE, inode, offset, NULL, NULL, parts[i].iov_base, bytes);
        offset += bytes;
        left -= (ssize_t)bytes;
    }
    (void)file;
    return written;
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    uint64_t inode;
    if (!recorded_file(file, &inode)) return syscall(SYS_pwritev, file, parts, count, offset, 0);
    journal_lock();
    ssize_t written = syscall(SYS_pwritev, file, parts, count, offset, 0);
    record_write(file, inode, (uint64_t)offset, parts, count, written);
    journal_unlock();
    return written;
}

ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) {
    return pwritev(file, parts, count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    uint64_t inode;
    if (!recorded_file(file, &inode)) return syscall(SYS_pwrite64, file, bytes, size, offset);
    struct iovec part = {(void *)bytes, size};
    journal_lock();
    ssize_t written = syscall(SYS_pwrite64, file, bytes, size, offset);
    record_write(file, inode, (uint64_t)offset, &part, 1, written);
    journal_unlock();
    return written;
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) { return pwrite(file, bytes, size, offset); }

ssize_t write(int file, const void *bytes, size_t size) {
    uint64_t inode;
    if (!recorded_file(file, &inode)) return syscall(SYS_write, file, bytes, size);
    struct iovec part = {(void *)bytes, size};
    journal_lock();
    uint64_t offset = position_of(file);
    ssize_t written = syscall(SYS_write, file, bytes, size);
    record_write(file, inode, offset, &part, 1, written);
    journal_unlock();
    return written;
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    uint64_t inode;
    if (!recorded_file(file, &inode)) return syscall(SYS_writev, file, parts, count);
    journal_lock();
    uint64_t offset = position_of(file);
    ssize_t written = syscall(SYS_writev, file, parts, count);
    record_write(file, inode, offset, parts, count, written);
    journal_unlock();
    return written;
}

int ftruncate(int file, off_t size) {
    uint64_t inode;
    if (!recorded_file(file, &inode)) return (int)syscall(SYS_ftruncate, file, size);
    journal_lock();
    int result = (int)syscall(SYS_ftruncate, file, size);
    if (result == 0) journal_add(RECORD_TRUNCATE, inode, (uint64_t)size, NULL, NULL, NULL, 0);
    journal_unlock();
    return result;
}

int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

// Room beyond the end is a longer file of zeros; room within it changes nothing that can be read.
int fallocate(int file, int mode, off_t offset, off_t bytes) {
    uint64_t inode;
    if (!recorded_file(file, &inode)) return (int)syscall(SYS_fallocate, file, mode, offset, bytes);
    if (mode & ~FALLOC_FL_KEEP_SIZE) not_modelled("fallocate that punches or collapses");
    journal_lock();
    uint64_t before = size_of(file);
    int result = (int)syscall(SYS_fallocate, file, mode, offset, bytes);
    uint64_t after = size_of(file);
    if (result == 0 && after > before) journal_add(RECORD_TRUNCATE, inode, after, NULL, NULL, NULL, 0);
    journal_unlock();
    return result;
}

int fallocate64(int file, int mode, off_t offset, off_t bytes) { return fallocate(file, mode, offset, bytes); }
int posix_fallocate(int file, off_t offset, off_t bytes) { return fallocate(file, 0, offset, bytes) == 0 ? 0 : errno; }
int posix_fallocate64(int file, off_t offset, off_t bytes) { return posix_fallocate(file, offset, bytes); }

ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t size, unsigned flags) {
    uint64_t inode;
    if (!recorded_file(to, &inode))
        return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
    journal_lock();
    uint64_t offset = to_offset ? (uint64_t)*to_offset : position_of(to);
    ssize_t copied = syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
    if (copied > 0) journal_add_contents(RECORD_WRITE, to, inode, offset, (uint64_t)copied);
    journal_unlock();
    return copied;
}

int ioctl(int file, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    uint64_t inode;
    bool clones = request == FICLONE || request == FICLONERANGE;
    if (!clones || !recorded_file(file, &inode)) return (int)syscall(SYS_ioctl, file, request, argument);
    journal_lock();
    int result = (int)syscall(SYS_ioctl, file, request, argument);
    uint64_t offset = request == FICLONERANGE ? ((struct file_clone_range *)argument)->dest_offset : 0;
    if (result == 0) journal_add_contents(RECORD_WRITE, file, inode, offset, size_of(file) - offset);
    journal_unlock();
    return result;
}

// Bytes written through a mapping are not seen; only SQLite's -shm is, and it means nothing after a restart.
void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    uint64_t inode;
    char link[64], path[4096];
    if (file >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && recorded_file(file, &inode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length < 0 ? 0 : length] = 0;
        if (!strstr(path, "-shm")) not_modelled("a mapping that writes");
    }
    return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

void *mmap64(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    return mmap(address, size, protection, flags, file, offset);
}

static int synchronize(int file, long call) {
    uint64_t inode;
    char path[4096];
    bool is_file = recorded_file(file, &inode);
    if (!is_file && !recorded_folder(file, path, sizeof path)) return (int)syscall(call, file);
    journal_lock();
    // Who cannot write through this descriptor makes durable what others have written.
    if (is_file && (fcntl(file, F_GETFL) & O_ACCMODE) == O_RDONLY)
        journal_add_contents(RECORD_WHOLE, file, inode, 0, size_of(file));
    uint64_t began = journal_size();
    journal_unlock();
    // The kernel keeps what was written whether or not it is on the real disk, so that need not be waited for; only the
    // time in which a kill falls between the beginning of a sync and its end.
    struct timespec pause = {.tv_nsec = 500 * 1000};
    nanosleep(&pause, NULL);
    journal_lock();
    if (is_file)
        journal_add(RECORD_SYNC_FILE, inode, began, NULL, NULL, NULL, 0);
    else
        journal_add(RECORD_SYNC_FOLDER, 0, began, path, NULL, NULL, 0);
    journal_unlock();
    return 0;
}

int fsync(int file) { return synchronize(file, SYS_fsync); }
int fdatasync(int file) { return synchronize(file, SYS_fdatasync); }

void sync(void) { not_modelled("sync"); }
int syncfs(int file) {
    (void)file;
    not_modelled("syncfs");
}
