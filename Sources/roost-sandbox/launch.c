/// The order of the launcher's steps.

#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Dies with the parent. A parent that died before prctl is noticed by its pid having changed: the one seen at start,
/// or the one the caller named.
static void die_with_parent(pid_t parent) {
    const pid_t before = parent != 0 ? parent : getppid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
        fail("parent death signal");
    }
    if (getppid() != before) {
        fail_because("parent", "gone");
    }
}

static void limit(int resource, rlim_t soft, rlim_t hard, const char *name) {
    struct rlimit value = {.rlim_cur = soft, .rlim_max = hard};
    if (setrlimit(resource, &value) != 0) {
        fail(name);
    }
}

static void set_limits(const struct options *options) {
    limit(RLIMIT_CORE, 0, 0, "core limit");
    for (size_t i = 0; i < options->limit_count; i++) {
        const struct limit *wanted = &options->limits[i];
        // Two seconds between SIGXCPU, which the server reads as "took too long", and SIGKILL for who ignores it.
        const rlim_t grace = wanted->resource == RLIMIT_CPU ? 2 : 0;
        limit(wanted->resource, wanted->value, wanted->value + grace, "resource limit");
    }
    if (options->nice != 0 && setpriority(PRIO_PROCESS, 0, options->nice) != 0) {
        fail("nice");
    }
}

/// Gives up every capability, also for programs executed later: as root, Landlock alone would leave chmod and chown of
/// everybody's files, and CAP_SYS_RESOURCE would lift the limits again. Nothing to do for other users.
static void drop_capabilities(void) {
    if (geteuid() != 0) {
        return;
    }
    for (unsigned long capability = 0; capability <= CAP_LAST_CAP; capability++) {
        // EINVAL: this kernel knows fewer; EPERM: without CAP_SETPCAP, and so without most others, we are in bubblewrap.
        if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL && errno != EPERM) {
            fail("capability bounding set");
        }
    }
    // Root's exec would bring the bounding set back where it could not be dropped.
    if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0) != 0 && errno != EPERM) {
        fail("securebits");
    }
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    if (syscall(SYS_capset, &header, none) != 0) {
        fail("capabilities");
    }
}

static void close_descriptors(void) {
    if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0) {
        return;
    }
    if (errno != ENOSYS) {
        fail("close_range");
    }
    // Before Linux 5.9.
    const long limit = sysconf(_SC_OPEN_MAX);
    for (int fd = 3; fd < limit; fd++) {
        close(fd);
    }
}

void launch(const struct options *options) {
    die_with_parent(options->parent);
    close_descriptors();
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        fail("no_new_privs");
    }
    if (options->read_only_count + options->read_write_count > 0) {
        landlock_restrict(options);
    }
    set_limits(options);
    drop_capabilities();
    if (options->seccomp) {
        seccomp_restrict();
    }
    execvp(options->program[0], options->program);
    fail(options->program[0]);
}
