// The calls that start processes, map files and end descriptors.
#define _GNU_SOURCE
#include "control.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Looked up at the start: a child between fork and exec must not take the dynamic linker's lock.
static long (*real_syscall)(long, ...);
static int (*real_close)(int);
static int (*real_closedir)(DIR *);
static int (*real_execve)(const char *, char *const[], char *const[]);
static pid_t (*real_fork)(void);
static int (*real_pipe2)(int[2], int);
static int (*real_socketpair)(int, int, int, int[2]);
static void *(*real_mmap)(void *, size_t, int, int, int, off_t);

__attribute__((constructor(101))) static void look_up(void) {
    real_syscall = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    real_close = (int (*)(int))dlsym(RTLD_NEXT, "close");
    real_closedir = (int (*)(DIR *))dlsym(RTLD_NEXT, "closedir");
    real_execve = (int (*)(const char *, char *const[], char *const[]))dlsym(RTLD_NEXT, "execve");
    real_fork = (pid_t(*)(void))dlsym(RTLD_NEXT, "fork");
    real_pipe2 = (int (*)(int[2], int))dlsym(RTLD_NEXT, "pipe2");
    real_socketpair = (int (*)(int, int, int, int[2]))dlsym(RTLD_NEXT, "socketpair");
    real_mmap = (void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, "mmap");
}

long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a[6];
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    // swift-subprocess starts processes with clone3 because it wants a pidfd.
    if (number == SYS_clone3 && fails(STARTS, "clone3", NULL)) return -1;
    if (real_syscall == NULL) look_up();
    return real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

pid_t fork(void) { return fails(STARTS, "fork", NULL) ? -1 : real_fork(); }

int execve(const char *path, char *const arguments[], char *const environment[]) {
    return fails(STARTS, "execve", path) ? -1 : real_execve(path, arguments, environment);
}

int pipe2(int ends[2], int flags) { return fails(PAIRS, "pipe2", NULL) ? -1 : real_pipe2(ends, flags); }

int socketpair(int domain, int type, int protocol, int ends[2]) {
    return fails(PAIRS, "socketpair", NULL) ? -1 : real_socketpair(domain, type, protocol, ends);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
    if (concerns(fd) && fails(MAPS, "mmap", NULL)) return MAP_FAILED;
    if (real_mmap == NULL) look_up();
    return real_mmap(address, length, protection, flags, fd, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off64_t offset) {
    return mmap(address, length, protection, flags, fd, offset);
}

int close(int fd) {
    remember(fd, 0);
    return real_close(fd);
}

int closedir(DIR *folder) {
    remember(dirfd(folder), 0);
    return real_closedir(folder);
}
