/// The filter of a warm worker: it computes, reads and writes the descriptors it is sent, and starts threads.
///
/// An allow list, installed after everything that needs a file has been loaded. What is not named is refused with
/// EPERM rather than killed, since libraries probe (for locales, /proc, huge pages) and go on without.

#define _GNU_SOURCE
#include "lockdown.h"

#include <CSeccompFilter.h>

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/prctl.h>

#define ALLOW(name) {.call = __NR_##name, .action = FILTER_ALLOW}
#define KILL(name) {.call = __NR_##name, .action = FILTER_KILL}

int lock_down(void) {
    const uint32_t self = (uint32_t)getpid();
    const struct filter_rule rules[] = {
        // Most frequent first.
        ALLOW(futex),
        ALLOW(read),
        ALLOW(write),
        ALLOW(pread64),
        ALLOW(lseek),
        // PROT_EXEC included: libvips resizes with code it makes at run time (Orc), a third quicker for the whole
        // request. Nothing that code could call is allowed.
        ALLOW(mmap),
        ALLOW(mprotect),
        ALLOW(munmap),
        ALLOW(mremap),
        ALLOW(madvise),
        ALLOW(brk),
        ALLOW(recvmsg),
        ALLOW(sendmsg),
        ALLOW(close),
        ALLOW(dup),
        // Not the calls that name who is sent the signals of a file.
        {__NR_fcntl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, F_SETOWN},
        {__NR_fcntl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, 15 /* F_SETOWN_EX */},
        {__NR_fcntl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, 10 /* F_SETSIG */},
        ALLOW(fcntl),
        ALLOW(fstat),
        // What fstat of glibc and statx of newer ones become; by descriptor, though a path would pass: it tells
        // about a file and opens nothing.
        {__NR_newfstatat, FILTER_ALLOW, FILTER_ARGUMENT_HAS, 3, AT_EMPTY_PATH},

        // Threads.
        {__NR_clone, FILTER_ALLOW, FILTER_ARGUMENT_HAS, 0, CLONE_THREAD},
        {.call = __NR_clone3, .action = FILTER_ABSENT},
        ALLOW(set_robust_list),
        ALLOW(rseq),
        {__NR_prctl, FILTER_ALLOW, FILTER_ARGUMENT_EQUALS, 0, PR_SET_NAME},
        ALLOW(sched_yield),
        ALLOW(sched_getaffinity),
        ALLOW(sched_getattr),
        ALLOW(gettid),
        ALLOW(getpid),
        ALLOW(exit),
        ALLOW(exit_group),

        // Time, randomness (hash tables), memory size (qsort of glibc).
        ALLOW(clock_gettime),
        ALLOW(clock_nanosleep),
        ALLOW(gettimeofday),
        ALLOW(getrandom),
        ALLOW(sysinfo),
        ALLOW(restart_syscall),

        // abort
        ALLOW(rt_sigprocmask),
        ALLOW(rt_sigaction),
        ALLOW(rt_sigreturn),
        {__NR_tgkill, FILTER_ALLOW, FILTER_ARGUMENT_EQUALS, 0, self},

        // No library has a reason for these.
        KILL(execve),
        KILL(execveat),
        KILL(ptrace),
        KILL(process_vm_readv),
        KILL(process_vm_writev),
        KILL(bpf),
        KILL(io_uring_setup),
        KILL(userfaultfd),
        KILL(unshare),
        KILL(setns),
        KILL(mount),
    };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return -1;
    }
    return filter_install(rules, sizeof rules / sizeof *rules, FILTER_REFUSE);
}
