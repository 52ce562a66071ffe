/* SPDX-License-Identifier: GPL-2.0 */
/* The socket of a runtime's NRI: calls in both directions, as ttrpc has them. */
#ifndef NRI_LINK_H
#define NRI_LINK_H

#include <sys/types.h>

#include "wire.h"

/**
 * struct call - a request or a response
 * @mine: a response to a request of ours
 * @stream: its number
 * @method: of a request
 * @payload: of a request
 * @status: of a response; 0 is good
 * @text: of a response that is not
 */
struct call {
	bool mine;
	uint32_t stream;
	struct bytes method;
	struct bytes payload;
	uint64_t status;
	struct bytes text;
};

/**
 * struct link - the socket, and what came of the next message on each of its two lines
 * @fd: the socket
 * @from: of what the runtime asks, and of what it answers
 * @call: lies in there until the next one is read
 * @taken: the bytes of the last message, of which line
 */
struct link {
	int fd;
	struct buffer from[2];
	struct call call;
	struct buffer *taken;
	size_t taken_length;
};

const char *link_open(struct link *link, const char *path);
const char *link_read(struct link *link);
bool link_is_over(const struct link *link);
const char *link_ask(struct link *link, const char *service, const char *method,
		     const struct buffer *payload);
const char *link_answer(struct link *link, uint32_t stream, const struct buffer *payload);
const char *link_refuse(struct link *link, uint32_t stream, unsigned int status, const char *why);
void link_close(struct link *link);

#endif
