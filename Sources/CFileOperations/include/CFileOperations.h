#pragma once
#include <stdint.h>

// Linux file operations that Swift's Glibc module does not offer.

/// Lets `to` share the blocks of all of `from` from `to_offset` on (FICLONERANGE, man 2 ioctl_ficlonerange).
///
/// Returns 0, or the error: EOPNOTSUPP, EXDEV or EINVAL where the file system cannot do it, or not at this offset.
int roost_clone_file(int from, int to, int64_t to_offset);

/// Starts writing the range's changed pages to the disk without waiting for it (SYNC_FILE_RANGE_WRITE); a hint only.
///
/// Its errors are not reported: they stay with the file, and the `fdatasync` that follows reports them.
void roost_start_writing(int file, int64_t offset, int64_t length);

/// Lets reads and writes go past the page cache (O_DIRECT), or through it again.
///
/// Returns 0, or -1 with `errno`: EINVAL or EOPNOTSUPP where the file system cannot.
int roost_set_direct(int file, int is_direct);
