/// recvmsg and sendmsg on descriptor 0. unix(7), SCM_RIGHTS.

#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int channel_receive(struct packet *packet) {
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(sizeof packet->descriptors)];
    } control;
    struct iovec text = {.iov_base = packet->text, .iov_len = IMAGING_MESSAGE_MAX};
    struct msghdr message = {
        .msg_iov = &text,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    ssize_t length;
    do {
        length = recvmsg(0, &message, MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    packet->count = 0;
    if (length <= 0) {
        return (int)length;
    }
    packet->text[length] = '\0';
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
            packet->count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(packet->descriptors, CMSG_DATA(part), packet->count * sizeof(int));
        }
    }
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
        channel_close(packet);
        errno = EMSGSIZE;
        return -1;
    }
    return 1;
}

void channel_close(struct packet *packet) {
    for (size_t i = 0; i < packet->count; i++) {
        close(packet->descriptors[i]);
    }
    packet->count = 0;
}

bool channel_send(const char *text) {
    struct iovec part = {.iov_base = (char *)text, .iov_len = strlen(text)};
    const struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t length;
    do {
        length = sendmsg(0, &message, MSG_NOSIGNAL);
    } while (length < 0 && errno == EINTR);
    return length >= 0;
}
