// The journal: every change of files below one folder, and every sync, in the order in which they happened.
#ifndef ROOST_POWER_LOSS_JOURNAL_H
#define ROOST_POWER_LOSS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a record says. `JournalReader.swift` reads the same numbers.
enum record_kind {
    RECORD_CREATE = 1,       // path: a new, empty file has this name
    RECORD_WRITE = 2,        // number: the offset; data
    RECORD_TRUNCATE = 3,     // number: the new size
    RECORD_MAKE_FOLDER = 4,  // path
    RECORD_LINK = 5,         // path: the file has this further name
    RECORD_UNLINK = 6,       // path
    RECORD_REMOVE_FOLDER = 7,
    RECORD_RENAME = 8,  // path, other path: both in one folder
    RECORD_WHOLE = 9,   // data: all that is in the file, which other processes may have written
    RECORD_SYNC_FILE = 10,    // number: the journal's size when the sync began
    RECORD_SYNC_FOLDER = 11,  // path; number: as above
};

// One record, followed by the path, the other path and the data.
struct record {
    uint32_t magic;
    uint32_t kind;
    uint64_t inode;
    uint64_t number;
    uint32_t path_bytes;
    uint32_t other_bytes;
    uint64_t data_bytes;
};

// Takes the lock that makes a change and its record one step.
void journal_lock(void);
void journal_unlock(void);

// Whether changes are recorded at all.
bool journal_is_open(void);
// The size of the journal, by which the order of records is told.
uint64_t journal_size(void);

void journal_add(enum record_kind kind, uint64_t inode, uint64_t number, const char *path, const char *other,
                 const void *data, size_t data_bytes);
// Records bytes of a file as another record than the call that wrote them.
void journal_add_contents(enum record_kind kind, int file, uint64_t inode, uint64_t offset, uint64_t bytes);

// The path below the recorded folder, "" for the folder itself; false for all that lies elsewhere.
bool recorded_path(int folder, const char *path, char *result, size_t size);
// Whether a descriptor is a regular file below the recorded folder; its inode.
bool recorded_file(int file, uint64_t *inode);
bool recorded_folder(int folder, char *path, size_t size);

// Ends the program: something happened that the model does not know.
__attribute__((noreturn)) void not_modelled(const char *what);

#endif
