// SPDX-License-Identifier: GPL-2.0
/*
 * Two lines share the socket: on one the runtime asks us, on the other we ask it. Each piece
 * begins with the line's number and the piece's length, each message on a line with its
 * length, a stream's number, a type and flags. A message may come in several pieces.
 */
#define _GNU_SOURCE /* POLLRDHUP */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "link.h"
#include "whole.h"

enum { THEY_ASK = 1, WE_ASK }; /* the lines' numbers */
enum { REQUEST = 1, RESPONSE }; /* the types */

#define MESSAGE_MAX (4 << 20) /* ttrpc's own */

/* in front of each piece, in network order */
struct piece_head {
	uint32_t line;
	uint32_t length;
};

/* in front of each message, likewise */
struct message_head {
	uint32_t length;
	uint32_t stream;
	uint8_t type;
	uint8_t flags;
} __attribute__((packed));

/**
 * link_open - connect to a runtime
 * @link: out
 * @path: of its socket
 *
 * Return: NULL, or what is wrong.
 */
const char *link_open(struct link *link, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	*link = (struct link){ .fd = -1 };
	if (strlen(path) >= sizeof(address.sun_path))
		return strerror(ENAMETOOLONG);
	strcpy(address.sun_path, path);
	link->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (link->fd < 0 || connect(link->fd, (struct sockaddr *)&address, sizeof(address)))
		return strerror(errno);
	return NULL;
}

/** link_close - hang up */
void link_close(struct link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
	for (int i = 0; i < 2; i++) {
		free(link->from[i].at);
		link->from[i] = (struct buffer){};
	}
}

static const char *receive(int fd, void *to, size_t length)
{
	uint8_t *at = to;

	while (length) {
		ssize_t got = read(fd, at, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? strerror(errno) : "it has hung up";
		at += got;
		length -= got;
	}
	return NULL;
}

static const char *read_piece(struct link *link)
{
	struct piece_head head;
	struct buffer *to;
	const char *wrong;
	uint8_t *piece;

	wrong = receive(link->fd, &head, sizeof(head));
	if (wrong)
		return wrong;
	head.line = ntohl(head.line);
	head.length = ntohl(head.length);
	if (head.line != THEY_ASK && head.line != WE_ASK)
		return "it has sent something on a line that there is not";
	to = &link->from[head.line - 1];
	if (head.length > MESSAGE_MAX + sizeof(struct message_head) ||
	    to->length > MESSAGE_MAX + sizeof(struct message_head))
		return "it has sent more than 4 MiB at once";
	piece = malloc(head.length + 1);
	if (!piece)
		return strerror(ENOMEM);
	wrong = receive(link->fd, piece, head.length);
	if (!wrong)
		buffer_add(to, piece, head.length);
	free(piece);
	return wrong;
}

static const char *parse_request(struct call *call, struct bytes message)
{
	struct field field;

	while (wire_next(&message, &field)) {
		if (field.number == 2)
			call->method = field.bytes;
		else if (field.number == 3)
			call->payload = field.bytes;
	}
	return wire_is_whole(&message) ? NULL : "it has sent a request that is broken";
}

static const char *parse_status(struct call *call, struct bytes status)
{
	struct field field;

	while (wire_next(&status, &field)) {
		if (field.number == 1)
			call->status = field.value;
		else if (field.number == 2)
			call->text = field.bytes;
	}
	return wire_is_whole(&status) ? NULL : "it has sent a status that is broken";
}

static const char *parse_response(struct call *call, struct bytes message)
{
	const char *wrong = NULL;
	struct field field;

	while (!wrong && wire_next(&message, &field)) {
		if (field.number == 1)
			wrong = parse_status(call, field.bytes);
	}
	if (wrong)
		return wrong;
	return wire_is_whole(&message) ? NULL : "it has sent a response that is broken";
}

/* Return: NULL, with @ready if a message is complete; or what is wrong with it. */
static const char *take(struct link *link, int line, bool *ready)
{
	struct buffer *from = &link->from[line - 1];
	struct call *call = &link->call;
	struct message_head head;
	struct bytes message;

	*ready = false;
	if (from->length < sizeof(head))
		return NULL;
	memcpy(&head, from->at, sizeof(head));
	message = (struct bytes){ from->at + sizeof(head), ntohl(head.length) };
	if (message.length > MESSAGE_MAX)
		return "it has sent a message of more than 4 MiB";
	if (head.type != (line == THEY_ASK ? REQUEST : RESPONSE))
		return "it has sent a message of a type that does not belong there";
	if (from->length < sizeof(head) + message.length)
		return NULL;
	*ready = true;
	*call = (struct call){ .mine = line == WE_ASK, .stream = ntohl(head.stream) };
	link->taken = from;
	link->taken_length = sizeof(head) + message.length;
	return call->mine ? parse_response(call, message) : parse_request(call, message);
}

static void forget_last(struct link *link)
{
	struct buffer *from = link->taken;

	if (!from)
		return;
	from->length -= link->taken_length;
	memmove(from->at, from->at + link->taken_length, from->length);
	link->taken = NULL;
}

/**
 * link_read - wait for the next request, or the response to ours
 * @link: the link; its call is what came
 *
 * Return: NULL, or why there will be no more.
 */
const char *link_read(struct link *link)
{
	const char *wrong = NULL;
	bool ready = false;

	forget_last(link);
	while (!wrong) {
		for (int line = THEY_ASK; line <= WE_ASK && !ready && !wrong; line++)
			wrong = take(link, line, &ready);
		if (ready || wrong)
			break;
		wrong = read_piece(link);
	}
	return wrong;
}

/** link_is_over - has the runtime hung up? What it sent before that may not be read yet */
bool link_is_over(const struct link *link)
{
	struct pollfd hung_up = { .fd = link->fd, .events = POLLRDHUP };

	return poll(&hung_up, 1, 0) == 1;
}

static const char *send_message(struct link *link, uint32_t line, uint32_t stream, uint8_t type,
				const struct buffer *message)
{
	struct message_head head = { htonl(message->length), htonl(stream), type, 0 };
	struct piece_head piece = { htonl(line), htonl(sizeof(head) + message->length) };
	struct buffer all = {};
	const char *wrong = NULL;

	buffer_add(&all, &piece, sizeof(piece));
	buffer_add(&all, &head, sizeof(head));
	buffer_add(&all, message->at, message->length);
	if (!whole_write(link->fd, (const char *)all.at, all.length))
		wrong = strerror(errno);
	free(all.at);
	return wrong;
}

/**
 * link_ask - ask the runtime for something; the answer comes by link_read()
 * @link: the link
 * @service: of the runtime
 * @method: of that
 * @payload: the request
 *
 * Return: NULL, or what is wrong.
 */
const char *link_ask(struct link *link, const char *service, const char *method,
		     const struct buffer *payload)
{
	struct buffer request = {};
	const char *wrong;

	wire_put_bytes(&request, 1, service, strlen(service));
	wire_put_bytes(&request, 2, method, strlen(method));
	wire_put_bytes(&request, 3, payload->at, payload->length);
	wrong = send_message(link, WE_ASK, 1, REQUEST, &request);
	free(request.at);
	return wrong;
}

/** link_answer - answer a request of the runtime; NULL, or what is wrong */
const char *link_answer(struct link *link, uint32_t stream, const struct buffer *payload)
{
	struct buffer response = {};
	const char *wrong;

	wire_put_bytes(&response, 2, payload->at, payload->length);
	wrong = send_message(link, THEY_ASK, stream, RESPONSE, &response);
	free(response.at);
	return wrong;
}

/**
 * link_refuse - answer that it is not done
 * @link: the link
 * @stream: of the request
 * @status: a status of gRPC
 * @why: a text
 *
 * Return: NULL, or what is wrong.
 */
const char *link_refuse(struct link *link, uint32_t stream, unsigned int status, const char *why)
{
	struct buffer response = {}, state = {};
	const char *wrong;

	wire_put_number(&state, 1, status);
	wire_put_bytes(&state, 2, why, strlen(why));
	wire_put_bytes(&response, 1, state.at, state.length);
	wrong = send_message(link, THEY_ASK, stream, RESPONSE, &response);
	free(state.at);
	free(response.at);
	return wrong;
}
