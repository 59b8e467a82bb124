#pragma once
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// What a test writes and the shim reads, and the other way round: one page shared through a file.
// `FaultControl.swift` knows these offsets.
struct control {
    _Atomic uint64_t calls;       // 0: counted calls since the test set it to 0
    _Atomic uint64_t fail_at;     // 8: the call that fails; 0 for none
    _Atomic uint32_t lasting;     // 16: 1 when every call from that one on fails
    _Atomic uint32_t variant;     // 20: which of a call's possible errors is taken
    _Atomic uint64_t failures;    // 24: calls that were failed
    _Atomic int64_t capacity;     // 32: bytes that the folder's files may have together; 0 for no bound
    _Atomic int64_t used;         // 40: bytes that they have
    _Atomic uint64_t full;        // 48: calls that the capacity refused
    char first[200];              // 56: the first call that was failed, as "operation errno path"
    unsigned char kinds[3840];    // 256: the kind of each counted call
};

/// Bytes of the shared file.
enum { CONTROL_SIZE = 4096 };
_Static_assert(sizeof(struct control) == CONTROL_SIZE, "FaultControl.swift knows the offsets");

/// A kind of call, which decides how it can fail.
enum kind { OPENS, READS, WRITES, SYNCS, NAMES, REMOVES, MAPS, PAIRS, STARTS };

extern struct control *control;

/// Whether a path lies in the folder; `folder` is the descriptor that a relative one starts from.
int concerns_path(int folder, const char *path);
/// Whether a descriptor was opened below the folder.
int concerns(int descriptor);
/// Remembers or forgets that a descriptor lies below the folder.
void remember(int descriptor, int is_below);

/// Counts a call; nonzero with errno set when it is to fail.
int fails(enum kind kind, const char *operation, const char *path);

/// How many of the bytes still fit, when a file of `size` bytes is written at `offset`; takes the room.
size_t take_room(int descriptor, off_t offset, size_t count);
/// Gives back what taken room was not used, or what a removed or shortened file had.
void give_room(int64_t bytes);

/// The next definition of the function that this stands in.
#define REAL(name)                                                                                                    \
    ({                                                                                                                \
        static __typeof__(&name) real;                                                                                \
        if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                           \
        real;                                                                                                         \
    })
