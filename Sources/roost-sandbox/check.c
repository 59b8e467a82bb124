/// What this kernel offers, found out by trying, since configuration files of distributions and containers differ.

#define _GNU_SOURCE
#include "launcher.h"

#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// A user namespace counts only when it allows mounts: some systems give one without capabilities in it.
static bool offers_user_namespaces(void) {
    const pid_t child = fork();
    if (child < 0) {
        return false;
    }
    if (child == 0) {
        const bool works = unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC) == 0
            && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
        _exit(works ? 0 : 1);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool offers_seccomp(void) {
    const unsigned action = SECCOMP_RET_KILL_PROCESS;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

void print_check(void) {
    printf("seccomp=%s landlock=%d userns=%s\n", offers_seccomp() ? "yes" : "no", landlock_abi(),
        offers_user_namespaces() ? "yes" : "no");
}
