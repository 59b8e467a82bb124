/// The steps of the launcher. Each one that fails ends the process with status 125 and one line that names it.
#ifndef ROOST_LAUNCHER_H
#define ROOST_LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LAUNCHER_PATHS_MAX 32
#define LAUNCHER_LIMITS_MAX 4

/// One resource limit asked for.
struct limit {
    int resource;
    unsigned long long value;
};

/// What the command line asks for.
struct options {
    struct limit limits[LAUNCHER_LIMITS_MAX];
    size_t limit_count;
    int nice;
    pid_t parent; // 0: not checked
    bool seccomp;
    const char *read_only[LAUNCHER_PATHS_MAX];
    size_t read_only_count;
    const char *read_write[LAUNCHER_PATHS_MAX];
    size_t read_write_count;
    char **program; // argument vector, NULL-terminated
};

/// Ends the process: `roost-sandbox: STEP: reason of errno`, status 125.
_Noreturn void fail(const char *step);

/// Ends the process: `roost-sandbox: STEP: REASON`, status 125.
_Noreturn void fail_because(const char *step, const char *reason);

/// Reads the arguments after `launch`.
struct options parse_options(int count, char **arguments);

/// Makes this process the limited one and replaces it by the program.
_Noreturn void launch(const struct options *options);

/// The kernel's Landlock ABI version, 0 when there is none or it is disabled.
int landlock_abi(void);

/// Puts everything out of reach that the options do not name.
void landlock_restrict(const struct options *options);

/// Installs the filter for decoders.
void seccomp_restrict(void);

/// Prints what this kernel offers.
void print_check(void);

#endif
