#define _GNU_SOURCE
#include "CSQLiteReads.h"

#ifdef __linux__
#include <sqlite3.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef ssize_t (*pread_call)(int, void *, size_t, off_t);

static pread_call usual_pread;
static _Thread_local int is_cached_only;

static ssize_t guarded_pread(int file, void *to, size_t count, off_t offset) {
    if (!is_cached_only) return usual_pread(file, to, count, offset);
    struct iovec part = {to, count};
    // A part that is not in the page cache ends the read short; SQLite asks for the rest, and only then gets EAGAIN.
    return preadv2(file, &part, 1, offset, RWF_NOWAIT);
}

/// SQLite waits between its tries to begin a snapshot; here it tries a hundred times at once, and gives up.
static int no_sleep(sqlite3_vfs *files, int microseconds) {
    (void)files;
    (void)microseconds;
    return 0;
}

static int register_vfs(const sqlite3_vfs *files) {
    static sqlite3_vfs cached;
    cached = *files;
    cached.pNext = NULL;
    cached.zName = ROOST_CACHED_VFS;
    cached.xSleep = no_sleep;
    return sqlite3_vfs_register(&cached, 0) == SQLITE_OK;
}

int roost_guard_sqlite_reads(void) {
    // off_t has 64 bits, so both names mean the same call; SQLite knows only the one that it was built for.
    _Static_assert(sizeof(off_t) == 8, "offsets of 64 bits");
    static const char *const names[] = {"pread64", "pread"};
    sqlite3_vfs *files = sqlite3_vfs_find("unix");
    if (!files || files->iVersion < 3 || sqlite3_vfs_find(NULL) != files) return 0;
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        sqlite3_syscall_ptr call = files->xGetSystemCall(files, names[index]);
        if (!call) continue;
        if (call == (sqlite3_syscall_ptr)guarded_pread) return 1;
        usual_pread = (pread_call)call;
        return files->xSetSystemCall(files, names[index], (sqlite3_syscall_ptr)guarded_pread) == SQLITE_OK
            && register_vfs(files);
    }
    return 0;
}

void roost_read_cached_only(int is_on) { is_cached_only = is_on; }
#else
int roost_guard_sqlite_reads(void) { return 0; }
void roost_read_cached_only(int is_on) { (void)is_on; }
#endif
