/// The text of requests and answers; protocol.h describes it.
#ifndef ROOST_REQUEST_H
#define ROOST_REQUEST_H

#include "image.h"

#include <stdbool.h>

/// Reads a request. False when it is not exactly of the form described.
bool request_parse(const char *text, struct image_request *request);

/// Writes the answer to `request`, at most IMAGING_MESSAGE_MAX bytes and the NUL.
void answer_write(const struct image_request *request, const struct image_answer *answer, char *text);

/// Writes the answer to a request that failed.
void failure_write(const struct failure *failure, char *text);

#endif
