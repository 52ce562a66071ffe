// SPDX-License-Identifier: GPL-2.0
/*
 * The state comes from a runtime, and some of what is in it from the maker of the
 * container: it may be anything.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "oci_naming.h"
#include "oci_state.h"

/* Annotations are most of it: Kubernetes alone allows 256 KiB, and CRI-O repeats them. */
#define SIZE_MAX_BYTES (4 << 20)
/* The specification's is three deep. */
#define DEPTH_MAX  16
#define PATIENCE_S 5

/**
 * struct input - what came on a file descriptor
 * @text: SIZE_MAX_BYTES of room
 * @length: of what came
 * @ended: nothing more will come
 */
struct input {
	char *text;
	size_t length;
	bool ended;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Return: false if the time is up. */
static bool wait_for_input(int fd, int64_t until)
{
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	int64_t left;

	do {
		left = until - now_ms();
		if (left <= 0)
			return false;
	} while (poll(&wanted, 1, left) <= 0);
	return true;
}

/*
 * To the end of input, lest a broken pipe kill the runtime, whatever is kept of it.
 * One that leaves the pipe open is not waited for for ever; what it has sent may
 * be all there is.
 */
static const char *read_all(struct input *input, int fd)
{
	int64_t until = now_ms() + PATIENCE_S * 1000;
	char beyond[4096];
	bool whole = true;
	ssize_t got;

	while (!input->ended && wait_for_input(fd, until)) {
		size_t room = SIZE_MAX_BYTES - input->length;

		got = room ? read(fd, input->text + input->length, room) :
			     read(fd, beyond, sizeof(beyond));
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return strerror(errno);
		if (room)
			input->length += got;
		else if (got)
			whole = false;
		input->ended = !got;
	}
	return whole ? NULL : "it is larger than 4 MiB";
}

static const char *parse(const struct input *input, struct json_object **object)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	enum json_tokener_error err;
	const char *wrong = NULL;
	size_t end;

	if (!tokener)
		return strerror(ENOMEM);
	/* not strict: json-c 0.18 then takes each letter beyond ASCII for a mistake */
	*object = json_tokener_parse_ex(tokener, input->text, input->length);
	err = json_tokener_get_error(tokener);
	end = json_tokener_get_parse_end(tokener);
	if (err == json_tokener_continue && !input->ended)
		wrong = "it was not complete within 5 seconds";
	else if (err == json_tokener_continue)
		wrong = input->length ? "it is cut off" : "there is none";
	else if (err != json_tokener_success)
		wrong = json_tokener_error_desc(err);
	if (!wrong && !json_is_blank(input->text + end, input->length - end))
		wrong = "something stands behind its end";
	json_tokener_free(tokener);
	return wrong;
}

static const char *take_id(struct state *state, struct json_object *from)
{
	struct json_object *id;

	if (!json_object_object_get_ex(from, "id", &id) ||
	    !json_object_is_type(id, json_type_string) || !json_object_get_string_len(id))
		return "it has no id";
	state->id = strdup(json_object_get_string(id));
	if (!state->id)
		return strerror(ENOMEM);
	if (strlen(state->id) != (size_t)json_object_get_string_len(id))
		return "its id has a NUL byte";
	return NULL;
}

static const char *take_pid(struct state *state, struct json_object *from)
{
	struct json_object *pid;
	int64_t number;

	if (!json_object_object_get_ex(from, "pid", &pid) ||
	    !json_object_is_type(pid, json_type_int))
		return "it has no pid";
	/* what is out of range comes out as the end of it */
	number = json_object_get_int64(pid);
	if (number <= 0 || number > INT32_MAX)
		return "its pid is no process number";
	state->pid = number;
	return NULL;
}

static bool is_stopped(struct json_object *from)
{
	struct json_object *status;

	return json_object_object_get_ex(from, "status", &status) &&
	       json_object_is_type(status, json_type_string) &&
	       !strcmp(json_object_get_string(status), "stopped");
}

/**
 * state_read - read the state as JSON
 * @state: out; as much of it as could be read, also if something is wrong
 * @fd: to its end, but not for more than some seconds
 *
 * Return: NULL, or what is wrong.
 */
const char *state_read(struct state *state, int fd)
{
	struct json_object *object = NULL;
	struct input input = {};
	const char *wrong;

	*state = (struct state){};
	input.text = malloc(SIZE_MAX_BYTES);
	if (!input.text)
		return strerror(ENOMEM);
	wrong = read_all(&input, fd);
	if (!wrong)
		wrong = parse(&input, &object);
	free(input.text);
	if (!wrong && !json_object_is_type(object, json_type_object))
		wrong = "it is no JSON object";
	if (!wrong)
		wrong = take_id(state, object);
	if (!wrong)
		state->stopped = is_stopped(object);
	if (!wrong && !state->stopped)
		wrong = take_pid(state, object);
	if (!wrong)
		oci_naming(&state->naming, object, state->id);
	json_object_put(object);
	return wrong;
}
