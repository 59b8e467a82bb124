#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "CFileOperations.h"

#include <errno.h>

#if defined(__linux__)
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

int roost_clone_file(int from, int to, int64_t to_offset) {
    struct file_clone_range range = {
        .src_fd = from,
        .src_offset = 0,
        .src_length = 0,  // to the end
        .dest_offset = (uint64_t)to_offset,
    };
    return ioctl(to, FICLONERANGE, &range) == 0 ? 0 : errno;
}

void roost_start_writing(int file, int64_t offset, int64_t length) {
    (void)sync_file_range(file, offset, length, SYNC_FILE_RANGE_WRITE);
}

int roost_set_direct(int file, int is_direct) {
    int flags = fcntl(file, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(file, F_SETFL, is_direct ? flags | O_DIRECT : flags & ~O_DIRECT);
}
#else
int roost_clone_file(int from, int to, int64_t to_offset) {
    (void)from, (void)to, (void)to_offset;
    return EOPNOTSUPP;
}

void roost_start_writing(int file, int64_t offset, int64_t length) { (void)file, (void)offset, (void)length; }

int roost_set_direct(int file, int is_direct) {
    (void)file, (void)is_direct;
    errno = EOPNOTSUPP;
    return -1;
}
#endif
