/// Packets with descriptors over the socket on descriptor 0.
#ifndef ROOST_CHANNEL_H
#define ROOST_CHANNEL_H

#include "protocol.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// One packet: text, NUL-terminated, and the descriptors that came with it.
struct packet {
    char text[IMAGING_MESSAGE_MAX + 1];
    int descriptors[IMAGING_RENDITIONS_MAX + 1];
    size_t count;
};

/// Waits for a packet. Returns 1, 0 at the end, -1 with errno; an oversized packet is EMSGSIZE.
int channel_receive(struct packet *packet);

/// Closes the packet's descriptors.
void channel_close(struct packet *packet);

/// Sends text as one packet.
bool channel_send(const char *text);

#endif
