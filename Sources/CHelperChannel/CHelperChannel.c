#define _GNU_SOURCE
#include "CHelperChannel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 16 };

int helper_channel_pair(int ends[2]) {
    const int on = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return errno;
    }
    if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) {
        const int error = errno;
        close(ends[0]);
        close(ends[1]);
        return error;
    }
    return 0;
}

int helper_channel_send(int channel, const char *text, size_t length, const int *descriptors, size_t count) {
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
    } control = {0};
    struct iovec part = {.iov_base = (char *)text, .iov_len = length};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > DESCRIPTORS_MAX) {
        return EINVAL;
    }
    if (count > 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(rights), descriptors, sizeof(int) * count);
    }
    ssize_t sent;
    do {
        sent = sendmsg(channel, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? errno : 0;
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/// Waits until the channel can be read. Returns 0 or an errno.
static int wait_readable(int channel, int timeout_ms) {
    const long long deadline = now_ms() + timeout_ms;
    struct pollfd waited = {.fd = channel, .events = POLLIN};
    for (;;) {
        const long long left = deadline - now_ms();
        const int ready = poll(&waited, 1, left > 0 ? (int)left : 0);
        if (ready > 0) {
            return 0;
        }
        if (ready == 0) {
            return ETIMEDOUT;
        }
        if (errno != EINTR) {
            return errno;
        }
    }
}

/// Reads the sender's pid; closes descriptors, which a helper has no reason to send.
static void read_control(struct msghdr *message, pid_t *sender) {
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET) {
            continue;
        }
        if (part->cmsg_type == SCM_CREDENTIALS) {
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
            *sender = credentials.pid;
        } else if (part->cmsg_type == SCM_RIGHTS) {
            const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (size_t i = 0; i < count; i++) {
                int descriptor;
                memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
                close(descriptor);
            }
        }
    }
}

int helper_channel_receive(int channel, char *text, size_t capacity, int timeout_ms, size_t *length, pid_t *sender) {
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
    } control;
    struct iovec part = {.iov_base = text, .iov_len = capacity};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    *sender = 0;
    *length = 0;
    const int error = wait_readable(channel, timeout_ms);
    if (error != 0) {
        return error;
    }
    ssize_t received;
    do {
        received = recvmsg(channel, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    } while (received < 0 && errno == EINTR);
    if (received < 0) {
        return errno == ECONNRESET ? 0 : errno;
    }
    read_control(&message, sender);
    if ((message.msg_flags & MSG_TRUNC) != 0) {
        return EMSGSIZE;
    }
    *length = (size_t)received;
    return 0;
}

void helper_channel_shut_down(int channel) {
    shutdown(channel, SHUT_RDWR);
}

long helper_page_size(void) {
    return sysconf(_SC_PAGESIZE);
}
