/// The system call filter for decoders: ffmpeg, ffprobe and, until it locks itself further, the image worker.
///
/// A deny list, since ffmpeg and a hundred libraries make calls that no list of ours could follow across versions.
/// What a decoder may plausibly try (a network protocol, a subprocess) is refused with EPERM, so that it reports an
/// error; what only an exploit tries kills the process.
///
/// `execve` stays allowed: the launcher still needs it after the filter is in place. It gives nothing away, since a
/// new process cannot be made (`clone` is for threads only): a program executed can only replace this process and
/// inherits its limits, filter and namespaces, and no_new_privs voids set-user-id bits.

#include <CSeccompFilter.h>
#include "launcher.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define REFUSE(name) {.call = __NR_##name, .action = FILTER_REFUSE}
#define KILL(name) {.call = __NR_##name, .action = FILTER_KILL}
#define REFUSE_IF(name, which, is) {__NR_##name, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, which, is}
#define ALLOW_IF(name, which, is) {__NR_##name, FILTER_ALLOW, FILTER_ARGUMENT_EQUALS, which, is}

// Newer than the headers of some distributions; since Linux 5.0 a number means the same on every architecture.
#define FCHMODAT2 452
#define SETXATTRAT 463
#define REMOVEXATTRAT 466
#define OPEN_TREE_ATTR 467
#define FILE_SETATTR 469

// Spelled here, as <linux/fs.h> does not go with <sys/mount.h>; the second is that of 32 bit programs.
#define SET_FILE_FLAGS 0x40086602
#define SET_FILE_FLAGS_32 0x40046602
#define SET_FILE_ATTRIBUTES 0x401C5820
#define SET_OWNER_OF_SOCKET 0x8901
#define SET_GROUP_OF_SOCKET 0x8902

void seccomp_restrict(void) {
    const uint32_t self = (uint32_t)getpid();
    const struct filter_rule rules[] = {
        // Threads, not processes. The flags of clone3 lie behind a pointer no filter can follow; glibc falls back to
        // clone on ENOSYS.
        {__NR_clone, FILTER_ALLOW, FILTER_ARGUMENT_HAS, 0, CLONE_THREAD},
        REFUSE(clone),
        {.call = __NR_clone3, .action = FILTER_ABSENT},
#ifdef __NR_fork
        REFUSE(fork),
        REFUSE(vfork),
#endif
        REFUSE(execveat),

        // No network. sendmsg and recvmsg stay: the image worker's channel is inherited.
        REFUSE(socket),
        REFUSE(socketpair),
        REFUSE(connect),
        REFUSE(bind),
        REFUSE(listen),
        REFUSE(accept),
        REFUSE(accept4),

        // Signals reach this process only (abort and pthread_kill use tgkill). The pid survives execve.
        {__NR_tgkill, FILTER_ALLOW, FILTER_ARGUMENT_EQUALS, 0, self},
        REFUSE(tgkill),
        {__NR_kill, FILTER_ALLOW, FILTER_ARGUMENT_EQUALS, 0, self},
        REFUSE(kill),
        REFUSE(tkill),
        REFUSE(rt_sigqueueinfo),
        REFUSE(rt_tgsigqueueinfo),
        REFUSE(pidfd_open),
        REFUSE(pidfd_send_signal),

        // An owner of a file's signals is sent them, whichever they are and whoever it is.
        REFUSE_IF(fcntl, 1, F_SETOWN),
        REFUSE_IF(fcntl, 1, 15 /* F_SETOWN_EX */),
        REFUSE_IF(fcntl, 1, 10 /* F_SETSIG */),
        REFUSE_IF(ioctl, 1, SET_OWNER_OF_SOCKET),
        REFUSE_IF(ioctl, 1, SET_GROUP_OF_SOCKET),

        // It stays in the group that the server kills, and dies with the server.
        REFUSE(setpgid),
        REFUSE(setsid),
        REFUSE_IF(prctl, 0, PR_SET_PDEATHSIG),

        // Limits, priorities and processors of this process only: without a pid namespace, the server's own are near.
        ALLOW_IF(prlimit64, 0, 0),
        ALLOW_IF(prlimit64, 0, self),
        REFUSE(prlimit64),
        REFUSE_IF(setpriority, 0, PRIO_PGRP),
        REFUSE_IF(setpriority, 0, PRIO_USER),
        ALLOW_IF(setpriority, 1, 0),
        REFUSE(setpriority),
        ALLOW_IF(sched_setaffinity, 0, 0),
        REFUSE(sched_setaffinity),
        ALLOW_IF(sched_setscheduler, 0, 0),
        REFUSE(sched_setscheduler),
        ALLOW_IF(sched_setparam, 0, 0),
        REFUSE(sched_setparam),
        ALLOW_IF(sched_setattr, 0, 0),
        REFUSE(sched_setattr),
        REFUSE(ioprio_set),
        REFUSE(migrate_pages),
        REFUSE(move_pages),

        // What processes share by name: Landlock does not cover it, and nothing here needs it.
        REFUSE(shmget),
        REFUSE(shmat),
        REFUSE(shmctl),
        REFUSE(msgget),
        REFUSE(msgsnd),
        REFUSE(msgrcv),
        REFUSE(msgctl),
        REFUSE(semget),
        REFUSE(semop),
        REFUSE(semtimedop),
        REFUSE(semctl),
        REFUSE(mq_open),
        REFUSE(mq_unlink),

        // Looking over others' shoulders, and holding up everybody's writes.
        REFUSE(inotify_init1),
        REFUSE(sync),

        // The output folder holds plain files: no link to lead the server elsewhere, no folder that it cannot empty.
        REFUSE(symlinkat),
        REFUSE(linkat),
        REFUSE(mkdirat),

        // Typing into the terminal the server was started from (CVE-2017-5226).
        {__NR_ioctl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, TIOCSTI},
        {__NR_ioctl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, 0x541C /* TIOCLINUX */},

        // Other people's files: Landlock does not cover their modes, owners, times and attributes.
        REFUSE(fchmod),
        REFUSE(fchmodat),
        {.call = FCHMODAT2, .action = FILTER_REFUSE},
        REFUSE(fchown),
        REFUSE(fchownat),
        REFUSE(setxattr),
        REFUSE(lsetxattr),
        REFUSE(fsetxattr),
        REFUSE(removexattr),
        REFUSE(lremovexattr),
        REFUSE(fremovexattr),
        {.call = SETXATTRAT, .action = FILTER_REFUSE},
        {.call = REMOVEXATTRAT, .action = FILTER_REFUSE},
        {.call = FILE_SETATTR, .action = FILTER_REFUSE},
        REFUSE_IF(ioctl, 1, SET_FILE_FLAGS),
        REFUSE_IF(ioctl, 1, SET_FILE_FLAGS_32),
        REFUSE_IF(ioctl, 1, SET_FILE_ATTRIBUTES),
        REFUSE(utimensat),
        REFUSE(truncate),
#ifdef __x86_64__
        REFUSE(chmod),
        REFUSE(chown),
        REFUSE(lchown),
        REFUSE(utime),
        REFUSE(utimes),
        REFUSE(futimesat),
        REFUSE(symlink),
        REFUSE(link),
        REFUSE(mkdir),
        REFUSE(inotify_init),
#endif

        // Other processes, namespaces, kernel surface.
        KILL(ptrace),
        KILL(process_vm_readv),
        KILL(process_vm_writev),
        KILL(process_madvise),
        KILL(pidfd_getfd),
        KILL(kcmp),
        KILL(unshare),
        KILL(setns),
        KILL(mount),
        KILL(umount2),
        KILL(pivot_root),
        KILL(chroot),
        KILL(move_mount),
        KILL(open_tree),
        {.call = OPEN_TREE_ATTR, .action = FILTER_KILL},
        KILL(fsopen),
        KILL(fsconfig),
        KILL(fsmount),
        KILL(fspick),
        KILL(mount_setattr),
        KILL(open_by_handle_at),
        KILL(name_to_handle_at),
        KILL(bpf),
        KILL(perf_event_open),
        KILL(io_uring_setup),
        KILL(io_uring_enter),
        KILL(io_uring_register),
        KILL(userfaultfd),
        KILL(add_key),
        KILL(request_key),
        KILL(keyctl),
        KILL(personality),
        KILL(mknodat),
        KILL(swapon),
        KILL(swapoff),
        KILL(reboot),
        KILL(kexec_load),
        KILL(init_module),
        KILL(finit_module),
        KILL(delete_module),
        KILL(acct),
        KILL(quotactl),
        KILL(syslog),
        KILL(settimeofday),
        KILL(clock_settime),
        KILL(clock_adjtime),
        KILL(adjtimex),
        KILL(sethostname),
        KILL(setdomainname),
        KILL(fanotify_init),
        KILL(vhangup),
#ifdef __x86_64__
        KILL(mknod),
        KILL(modify_ldt),
        KILL(ioperm),
        KILL(iopl),
        KILL(uselib),
        KILL(kexec_file_load),
#endif
    };
    if (filter_install(rules, sizeof rules / sizeof *rules, FILTER_ALLOW) != 0) {
        fail("seccomp");
    }
}
