/// `roost-imaging serve`: see ../protocol.h.

#include "channel.h"
#include "lockdown.h"
#include "request.h"
#include "warmup.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/// Images above this many pixels give their memory back at once; for the usual ones, keeping it saves a fifth.
enum { LARGE_IMAGE = 4 * 1024 * 1024 };

/// Serves one packet and sends the answer.
static bool serve(struct packet *packet) {
    struct image_request request;
    struct image_answer answer = {0};
    struct failure failure;
    char text[IMAGING_MESSAGE_MAX + 1];
    if (!request_parse(packet->text, &request) || packet->count != request.count + 1) {
        failed(&failure, "internal", "bad request");
        failure_write(&failure, text);
    } else if (image_process(&request, packet->descriptors[0], packet->descriptors + 1, &answer, &failure)) {
        answer_write(&request, &answer, text);
    } else {
        failure_write(&failure, text);
    }
    // Before the answer: it tells the server that the outputs are its own again.
    channel_close(packet);
    const bool sent = channel_send(text);
    if (answer.width == 0 || (int64_t)answer.width * answer.height > LARGE_IMAGE) {
        malloc_trim(0);
    }
    return sent;
}

static void be_silent(const char *domain, GLogLevelFlags level, const char *message, void *unused) {
    (void)domain;
    (void)level;
    (void)message;
    (void)unused;
}

int main(int count, char **arguments) {
    struct failure failure;
    struct packet packet;
    int received;
    if (count != 2 || strcmp(arguments[1], "serve") != 0) {
        fprintf(stderr, "usage: roost-imaging serve\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    g_log_set_default_handler(be_silent, NULL);
    if (!warm_up(arguments[0], &failure)) {
        fprintf(stderr, "roost-imaging: %s\n", failure.reason);
        return 70;
    }
    if (lock_down() != 0 || !channel_send("ready 1\n")) {
        fprintf(stderr, "roost-imaging: %s\n", strerror(errno));
        return 70;
    }
    do {
        received = channel_receive(&packet);
    } while (received > 0 && serve(&packet));
    return received == 0 ? 0 : 70;
}
