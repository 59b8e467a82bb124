#pragma once

// Reads of SQLite that never wait for the disk.

/// The name of a VFS like "unix" that never sleeps.
#define ROOST_CACHED_VFS "roost-cached"

/// Registers `ROOST_CACHED_VFS`, and makes the file reads of SQLite's "unix" VFS obey `roost_read_cached_only`; to be called
/// before the first connection.
///
/// It replaces the VFS's `pread` (xSetSystemCall, https://www.sqlite.org/c3ref/vfs.html). Returns 1, or 0 where that is not
/// possible: another system, or an SQLite that reads in another way.
int roost_guard_sqlite_reads(void);

/// Lets SQLite read files on this thread only as far as the page cache holds them, or in the usual way again.
///
/// What is not there makes the statement fail with SQLITE_IOERR_READ (RWF_NOWAIT, man 2 preadv2); so does everything on a
/// file system that does not know the flag.
void roost_read_cached_only(int is_on);
