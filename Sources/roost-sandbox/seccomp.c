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

#include <linux/sched.h>
#include <sys/ioctl.h>

#define REFUSE(name) {.call = __NR_##name, .action = FILTER_REFUSE}
#define KILL(name) {.call = __NR_##name, .action = FILTER_KILL}

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

        // Typing into the terminal the server was started from (CVE-2017-5226).
        {__NR_ioctl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, TIOCSTI},
        {__NR_ioctl, FILTER_REFUSE, FILTER_ARGUMENT_EQUALS, 1, 0x541C /* TIOCLINUX */},

        // Other people's files: Landlock does not cover their modes, owners, times and attributes.
        REFUSE(fchmod),
        REFUSE(fchmodat),
        REFUSE(fchown),
        REFUSE(fchownat),
        REFUSE(setxattr),
        REFUSE(lsetxattr),
        REFUSE(fsetxattr),
        REFUSE(removexattr),
        REFUSE(lremovexattr),
        REFUSE(fremovexattr),
        REFUSE(utimensat),
        REFUSE(truncate),
#ifdef __x86_64__
        REFUSE(chmod),
        REFUSE(chown),
        REFUSE(lchown),
        REFUSE(utime),
        REFUSE(utimes),
        REFUSE(futimesat),
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
