/// Packets with descriptors between the server and a helper process: socketpair(2), SCM_RIGHTS (unix(7)). Swift cannot
/// call the CMSG macros, hence C.
#pragma once

#include <stddef.h>
#include <sys/types.h>

/// Makes a connected pair of SOCK_SEQPACKET sockets, close-on-exec. What `ends[0]` receives says who sent it.
/// Returns 0 or an errno.
int helper_channel_pair(int ends[2]);

/// Sends one packet with copies of the descriptors. Does not block: a helper that does not read is broken.
/// Returns 0 or an errno.
int helper_channel_send(int channel, const char *text, size_t length, const int *descriptors, size_t count);

/// Waits for one packet and stores up to `capacity` bytes, which is at least the longest packet expected.
///
/// `sender` gets the pid of the sender as seen from this process, whatever namespace it lives in, or 0.
/// Blocks up to `timeout_ms` milliseconds, or until the channel is shut down. Descriptors sent along are dropped.
/// Returns 0 with `*length` (0: the helper is gone), ETIMEDOUT, or another errno.
int helper_channel_receive(int channel, char *text, size_t capacity, int timeout_ms, size_t *length, pid_t *sender);

/// Ends the connection for both sides and wakes who waits in helper_channel_receive. The descriptor stays open.
void helper_channel_shut_down(int channel);

/// Bytes of a memory page: the unit of /proc/PID/statm.
long helper_page_size(void);
