/// A seccomp filter from a table, without libseccomp.
///
/// seccomp(2); Documentation/userspace-api/seccomp_filter.rst of the Linux kernel.
/// Rules are tried in order; the first that names the system call decides.
#ifndef ROOST_SECCOMP_FILTER_H
#define ROOST_SECCOMP_FILTER_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define FILTER_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the seccomp filter knows x86_64 and aarch64 only"
#endif

/// What becomes of a system call.
#define FILTER_ALLOW SECCOMP_RET_ALLOW
#define FILTER_KILL SECCOMP_RET_KILL_PROCESS
#define FILTER_REFUSE (SECCOMP_RET_ERRNO | EPERM)
#define FILTER_ABSENT (SECCOMP_RET_ERRNO | ENOSYS)

/// When a rule applies. Conditions look at the low 32 bits of one argument: enough for flags, pids and request codes,
/// which the kernel itself takes as 32 bits; never for pointers.
enum filter_condition { FILTER_ALWAYS, FILTER_ARGUMENT_EQUALS, FILTER_ARGUMENT_HAS };

struct filter_rule {
    uint32_t call;
    uint32_t action;
    enum filter_condition condition;
    uint32_t argument;
    uint32_t value;
};

#define FILTER_RULES_MAX 240

/// Installs the filter for all threads of the process. no_new_privs must be set.
///
/// Calls that no rule names get `otherwise`. Calls of another architecture, x32 among them, kill the process: their
/// numbers mean something else.
/// Returns 0, or -1 with errno.
static inline int filter_install(const struct filter_rule *rules, size_t count, uint32_t otherwise) {
    struct sock_filter code[8 + 5 * FILTER_RULES_MAX];
    size_t n = 0;
    if (count > FILTER_RULES_MAX) {
        errno = E2BIG;
        return -1;
    }
#define EMIT(...) code[n++] = (struct sock_filter)__VA_ARGS__
    EMIT(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
    EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FILTER_ARCHITECTURE, 1, 0));
    EMIT(BPF_STMT(BPF_RET | BPF_K, FILTER_KILL));
    EMIT(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
#ifdef __x86_64__
    EMIT(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
    EMIT(BPF_STMT(BPF_RET | BPF_K, FILTER_KILL));
#endif
    for (size_t i = 0; i < count; i++) {
        const struct filter_rule *rule = &rules[i];
        if (rule->condition == FILTER_ALWAYS) {
            EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rule->call, 0, 1));
            EMIT(BPF_STMT(BPF_RET | BPF_K, rule->action));
            continue;
        }
        uint16_t test = rule->condition == FILTER_ARGUMENT_EQUALS ? BPF_JEQ : BPF_JSET;
        uint32_t low = offsetof(struct seccomp_data, args) + rule->argument * sizeof(uint64_t);
        EMIT(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rule->call, 0, 4));
        EMIT(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low)); // little endian: the low word comes first
        EMIT(BPF_JUMP(BPF_JMP | test | BPF_K, rule->value, 0, 1));
        EMIT(BPF_STMT(BPF_RET | BPF_K, rule->action));
        EMIT(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    }
    EMIT(BPF_STMT(BPF_RET | BPF_K, otherwise));
#undef EMIT
    struct sock_fprog program = {.len = (unsigned short)n, .filter = code};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
}

#endif
