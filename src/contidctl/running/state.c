// SPDX-License-Identifier: GPL-2.0
/*
 * The saved state as text, and back. What is read is believed only if all of
 * it fits together: a file that was cut, or changed by hand, is
 * an error, and nothing is made of its parts.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container_json.h"
#include "contid.h"
#include "exact.h"
#include "json.h"
#include "state.h"

#define FORMAT		  "audit_contid state"
#define VERSION_OF_FORMAT 1

static const char *const origins[] = {
	[AUDIT_CONTID_ORIGIN_REGISTERED] = "registered",
	[AUDIT_CONTID_ORIGIN_INHERITED] = "inherited",
	[AUDIT_CONTID_ORIGIN_ADOPTED] = "adopted",
};

#define ORIGINS (sizeof(origins) / sizeof(*origins))

/**
 * boot_id_read - which boot is this?
 * @boot_id: out
 */
bool boot_id_read(char boot_id[BOOT_ID_TEXT])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	bool read;

	if (!file)
		return false;
	read = fgets(boot_id, BOOT_ID_TEXT, file) && strlen(boot_id) == BOOT_ID_TEXT - 1;
	fclose(file);
	return read;
}

static struct json_object *process_json(const struct state_process *process)
{
	struct json_object *out = json_object_new_object();
	char text[CONTID_TEXT];

	contid_format(&process->contid, text);
	json_add(out, "pid", json_object_new_int(process->pid));
	json_add_number(out, "start", process->start);
	json_add_number(out, "mnt", process->mnt);
	json_add(out, "origin", json_object_new_string(origins[process->origin]));
	json_add(out, "contid", json_object_new_string(text));
	return out;
}

/**
 * state_json - all of it
 * @state: the state
 */
struct json_object *state_json(const struct state *state)
{
	struct json_object *out = json_object_new_object();
	struct json_object *containers = json_object_new_array();
	struct json_object *processes = json_object_new_array();

	for (size_t i = 0; i < state->container_count; i++)
		json_object_array_add(containers,
				      container_json(&state->containers[i], state->labels[i]));
	for (size_t i = 0; i < state->process_count; i++)
		json_object_array_add(processes, process_json(&state->processes[i]));
	json_add(out, "format", json_object_new_string(FORMAT));
	json_add_number(out, "version", VERSION_OF_FORMAT);
	json_add(out, "boot_id", json_object_new_string(state->boot_id));
	json_add_number(out, "since", state->since);
	json_add(out, "containers", containers);
	json_add(out, "processes", processes);
	return out;
}

static int by_id(const void *a, const void *b)
{
	const struct audit_contid_container *x = *(struct audit_contid_container *const *)a;
	const struct audit_contid_container *y = *(struct audit_contid_container *const *)b;

	return memcmp(&x->contid, &y->contid, sizeof(x->contid));
}

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct state_process *)a)->pid,
	      y = ((const struct state_process *)b)->pid;

	return (x > y) - (x < y);
}

/**
 * state_index - get ready for state_container() and state_find()
 * @state: with all that is in it
 *
 * Return: false for want of memory.
 */
bool state_index(struct state *state)
{
	free(state->by_id);
	state->by_id = calloc(state->container_count + 1, sizeof(*state->by_id));
	if (!state->by_id)
		return false;
	for (size_t i = 0; i < state->container_count; i++)
		state->by_id[i] = &state->containers[i];
	if (state->container_count)
		qsort(state->by_id, state->container_count, sizeof(*state->by_id), by_id);
	if (state->process_count)
		qsort(state->processes, state->process_count, sizeof(*state->processes), by_pid);
	return true;
}

/** state_container - the container that has an ID, or NULL */
const struct audit_contid_container *state_container(const struct state *state,
						     const struct audit_contid *id)
{
	const struct audit_contid_container key = { .contid = *id }, *at = &key, **found = NULL;

	if (state->container_count)
		found = bsearch(&at, state->by_id, state->container_count, sizeof(at), by_id);
	return found ? *found : NULL;
}

/** state_label - the label of a container of the state, or NULL */
const char *state_label(const struct state *state, const struct audit_contid_container *c)
{
	const char *label = state->labels[c - state->containers];

	return *label ? label : NULL;
}

/**
 * struct reader - a state that is being read
 * @state: what was read so far
 * @why: what is wrong
 */
struct reader {
	struct state *state;
	char *why;
};

static bool __attribute__((format(printf, 2, 3)))
wrong(struct reader *reader, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reader->why, STATE_WHY, format, args);
	va_end(args);
	return false;
}

static struct json_object *member(struct json_object *from, const char *name, enum json_type type)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, name, &value) || !json_object_is_type(value, type))
		return NULL;
	return value;
}

static bool read_number(struct reader *reader, struct json_object *from, const char *name,
			uint64_t max, uint64_t *number)
{
	struct json_object *value = member(from, name, json_type_int);

	if (!value || json_object_get_int64(value) < 0 || json_object_get_uint64(value) > max)
		return wrong(reader, "'%s' is missing, or not a number up to %llu", name,
			     (unsigned long long)max);
	*number = json_object_get_uint64(value);
	return true;
}

static const char *text_of(struct json_object *from, const char *name)
{
	struct json_object *value = member(from, name, json_type_string);

	/* a NUL inside would end it early */
	if (!value ||
	    strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return NULL;
	return json_object_get_string(value);
}

static bool read_id(struct reader *reader, struct json_object *from, const char *name,
		    struct audit_contid *id)
{
	const char *text = text_of(from, name);

	if (!text || contid_parse(text, id))
		return wrong(reader, "'%s' is missing, or not a container ID", name);
	return true;
}

/* A version that knew of no limits has written none. */
static bool read_rate(struct reader *reader, struct json_object *from,
		      struct audit_contid_container *c)
{
	uint64_t rate = RATE_UNKNOWN, burst = 0;

	if (json_object_object_get_ex(from, "rate", NULL) &&
	    (!read_number(reader, from, "rate", AUDIT_CONTID_RATE_MAX, &rate) ||
	     !read_number(reader, from, "burst", rate ? AUDIT_CONTID_RATE_MAX : 0, &burst)))
		return false;
	c->rate = rate;
	c->burst = burst;
	return true;
}

static bool read_container(struct reader *reader, struct json_object *from,
			   struct audit_contid_container *c, char label[LABEL_TEXT])
{
	struct json_object *parent;
	uint64_t number;

	if (!read_id(reader, from, "contid", &c->contid) ||
	    !read_number(reader, from, "depth", AUDIT_CONTID_DEPTH_MAX, &number))
		return false;
	c->depth = number;
	if (!json_object_object_get_ex(from, "parent", &parent) || !c->depth ||
	    (c->depth == 1) != !parent)
		return wrong(reader, "'parent' and 'depth' of a container do not fit together");
	if (parent && !read_id(reader, from, "parent", &c->parent))
		return false;
	if (!read_number(reader, from, "first_pid", INT32_MAX, &number))
		return false;
	c->first_pid = number;
	if (!read_rate(reader, from, c))
		return false;
	if (!container_json_label(from, label))
		return wrong(reader, "the label of a container is not 1 to %d bytes without a NUL",
			     AUDIT_CONTID_LABEL_MAX);
	return true;
}

/* IDs are there once, and what encloses a container stands before it. */
static bool check_nesting(struct reader *reader)
{
	const struct state *state = reader->state;
	char text[CONTID_TEXT];

	for (size_t i = 0; i < state->container_count; i++) {
		const struct audit_contid_container *c = &state->containers[i], *parent;

		contid_format(&c->contid, text);
		if (state_container(state, &c->contid) != c)
			return wrong(reader, "container %s is in there twice", text);
		if (c->depth == 1)
			continue;
		parent = state_container(state, &c->parent);
		if (!parent || parent >= c || parent->depth + 1 != c->depth)
			return wrong(reader, "what encloses container %s does not stand before it",
				     text);
	}
	return true;
}

static bool read_containers(struct reader *reader, struct json_object *root)
{
	struct json_object *list = member(root, "containers", json_type_array);
	struct state *state = reader->state;
	size_t count = list ? json_object_array_length(list) : 0;

	if (!list)
		return wrong(reader, "there is no array 'containers'");
	state->containers = calloc(count + 1, sizeof(*state->containers));
	state->labels = calloc(count + 1, sizeof(*state->labels));
	if (!state->containers || !state->labels)
		return wrong(reader, "no memory");
	for (size_t i = 0; i < count; i++) {
		if (!read_container(reader, json_object_array_get_idx(list, i),
				    &state->containers[i], state->labels[i]))
			return false;
	}
	state->container_count = count;
	return state_index(state) ? check_nesting(reader) : wrong(reader, "no memory");
}

static bool read_origin(struct reader *reader, struct json_object *from, unsigned int *origin)
{
	const char *text = text_of(from, "origin");

	for (*origin = 0; text && *origin < ORIGINS; (*origin)++) {
		if (origins[*origin] && !strcmp(origins[*origin], text))
			return true;
	}
	return wrong(reader, "'origin' of a process is not known");
}

static bool read_process(struct reader *reader, struct json_object *from,
			 struct state_process *process, pid_t before)
{
	uint64_t pid, start, mnt;

	if (!read_number(reader, from, "pid", INT32_MAX, &pid) ||
	    !read_number(reader, from, "start", INT64_MAX, &start) ||
	    !read_number(reader, from, "mnt", UINT32_MAX, &mnt) ||
	    !read_origin(reader, from, &process->origin) ||
	    !read_id(reader, from, "contid", &process->contid))
		return false;
	process->pid = pid;
	process->start = start;
	process->mnt = mnt;
	if (process->pid <= before)
		return wrong(reader, "process %d does not stand in the order of the numbers",
			     process->pid);
	if (!state_container(reader->state, &process->contid))
		return wrong(reader, "the container of process %d is not in there", process->pid);
	return true;
}

static bool read_processes(struct reader *reader, struct json_object *root)
{
	struct json_object *list = member(root, "processes", json_type_array);
	struct state *state = reader->state;
	size_t count = list ? json_object_array_length(list) : 0;
	pid_t before = 0;

	if (!list)
		return wrong(reader, "there is no array 'processes'");
	state->processes = calloc(count + 1, sizeof(*state->processes));
	if (!state->processes)
		return wrong(reader, "no memory");
	for (size_t i = 0; i < count; i++) {
		if (!read_process(reader, json_object_array_get_idx(list, i), &state->processes[i],
				  before))
			return false;
		before = state->processes[i].pid;
	}
	state->process_count = count;
	return true;
}

static bool read_state(struct reader *reader, struct json_object *root)
{
	const char *format = text_of(root, "format"), *boot_id = text_of(root, "boot_id");
	uint64_t number;

	if (!format || strcmp(format, FORMAT))
		return wrong(reader, "it is not what `contidctl save` writes");
	if (!read_number(reader, root, "version", UINT32_MAX, &number))
		return false;
	if (number != VERSION_OF_FORMAT)
		return wrong(reader, "its format is of version %llu, and %d is understood",
			     (unsigned long long)number, VERSION_OF_FORMAT);
	if (!boot_id || strlen(boot_id) != BOOT_ID_TEXT - 1)
		return wrong(reader, "there is no 'boot_id'");
	memcpy(reader->state->boot_id, boot_id, BOOT_ID_TEXT);
	if (!read_number(reader, root, "since", INT64_MAX, &number))
		return false;
	reader->state->since = number;
	return read_containers(reader, root) && read_processes(reader, root);
}

/**
 * state_parse - read it back
 * @state: out; to be freed by state_free() if it was read
 * @text: what was written
 * @length: of that
 * @why: out: what is wrong
 */
bool state_parse(struct state *state, const char *text, size_t length, char why[STATE_WHY])
{
	struct reader reader = { .state = state, .why = why };
	struct json_object *root;
	const char *what = exact_parse(text, length, &root);
	bool read;

	*state = (struct state){};
	if (what)
		return wrong(&reader, "%s", what);
	read = read_state(&reader, root);
	json_object_put(root);
	if (!read)
		state_free(state);
	return read;
}

/** state_free - free what state_parse() or snapshot_take() has allocated */
void state_free(struct state *state)
{
	free(state->containers);
	free(state->labels);
	free(state->by_id);
	free(state->processes);
	*state = (struct state){};
}

/** state_find - the process that had a number, or NULL */
const struct state_process *state_find(const struct state *state, pid_t pid)
{
	const struct state_process key = { .pid = pid };

	if (!state->process_count)
		return NULL;
	return bsearch(&key, state->processes, state->process_count, sizeof(*state->processes),
		       by_pid);
}
