// SPDX-License-Identifier: GPL-2.0
/* contidctl restore */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "container_json.h"
#include "contid.h"
#include "json.h"
#include "message.h"
#include "refusal.h"
#include "restoring.h"
#include "snapshot.h"

#define FILE_MAX (1L << 30)

/*
 * Who can write the file decides which container each process is in. So it has to be
 * root's, and written by nobody else, and a file: nothing else has an end.
 */
static bool is_trusted(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st)) {
		message("%s: %s", path, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		message("%s is not a file", path);
		return false;
	}
	if (!st.st_uid && !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return true;
	message("%s is of user %u and has the mode %04o: nothing is restored from a file that "
		"others than root may have written",
		path, st.st_uid, st.st_mode & 07777);
	return false;
}

/* The whole of a file, to be freed; NULL if a message has told why not. */
static char *file_text(const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *text = NULL, *more;
	size_t size = 0;
	ssize_t n = 0;

	*length = 0;
	if (fd < 0)
		goto failed;
	if (!is_trusted(fd, path)) {
		close(fd);
		return NULL;
	}
	do {
		*length += n;
		if (*length == size) {
			size = size ? 2 * size : 65536;
			more = size > FILE_MAX ? NULL : realloc(text, size);
			if (!more) {
				errno = size > FILE_MAX ? EFBIG : ENOMEM;
				goto failed;
			}
			text = more;
		}
		n = read(fd, text + *length, size - *length);
	} while (n > 0);
	if (!n) {
		close(fd);
		return text;
	}
failed:
	message("%s: %s", path, strerror(errno));
	free(text);
	if (fd >= 0)
		close(fd);
	return NULL;
}

static bool state_read(struct state *state, const char *path)
{
	char why[STATE_WHY], boot_id[BOOT_ID_TEXT];
	size_t length;
	char *text = file_text(path, &length);
	bool ok;

	if (!text)
		return false;
	ok = state_parse(state, text, length, why);
	free(text);
	if (!ok) {
		message("%s: %s: nothing was restored", path, why);
		return false;
	}
	ok = boot_id_read(boot_id) && !strcmp(boot_id, state->boot_id);
	if (!ok)
		message("%s is of another boot: the processes in there do not live any more", path);
	return ok;
}

static const char *result(const struct fate *fate)
{
	if (fate->elsewhere)
		return "refused: a container with this ID lives, and is nested otherwise";
	if (fate->err)
		return "refused";
	if (fate->lived)
		return "kept";
	if (fate->lives)
		return "restored";
	return fate->members ? "not restored" : "ended";
}

static const struct column columns[] = {
	{ "CONTID", -36, .key = "contid" },
	{ "PARENT", -36, .key = "parent" },
	{ "PROCESSES", 9, .key = "processes",
	  .help = "that carry it, without those of containers inside of it" },
	{ "RESULT", 0, .key = "result",
	  .help = "restored; kept: it was there; ended: none of its processes lives;\n"
		  "refused, and why" },
	{},
};

static struct json_object *fate_json(const struct audit_contid_container *c,
				     const struct fate *fate)
{
	struct json_object *out = json_object_new_object();

	json_add(out, "contid", contid_json(&c->contid));
	json_add(out, "parent", c->depth > 1 ? contid_json(&c->parent) : NULL);
	json_add_number(out, "processes", fate->members - fate->left_out);
	json_add(out, "result", json_object_new_string(result(fate)));
	return out;
}

static void format_refusal(const struct restoring *restoring,
			   const struct audit_contid_container *c, pid_t pid, int err,
			   char why[REFUSAL_TEXT])
{
	const struct registration what = {
		.pid = pid,
		.contid = c->contid,
		.join = true,
		.tree = true,
	};

	refusal_format(&restoring->device, &what, err, why);
}

static void print_containers(const struct restoring *restoring)
{
	const struct state *state = &restoring->state;
	char why[REFUSAL_TEXT];

	columns_head(columns);
	for (size_t i = 0; i < state->container_count; i++) {
		const struct audit_contid_container *c = &state->containers[i];
		const struct fate *fate = &restoring->fates[i];
		const struct row row = { .json = fate_json(c, fate) };

		columns_row(columns, &row);
		json_object_put(row.json);
		if (fate->err) {
			format_refusal(restoring, c, c->first_pid, fate->err, why);
			printf("  %s\n", why);
		}
		if (fate->rate_err)
			printf("  its limit of records is not there: %s (%s)\n",
			       contid_strerror(CONTID_RATE, fate->rate_err),
			       strerror(fate->rate_err));
	}
}

static void print_left_out(const struct restoring *restoring, size_t i)
{
	const struct proc *proc = &restoring->scene.procs.items[i];
	const struct belonging *its = &restoring->scene.items[i];
	const struct aside *refusal = restoring_refusal(restoring, proc);
	char contid[CONTID_TEXT], other[CONTID_TEXT], why[REFUSAL_TEXT];

	contid_format(&its->to->contid, contid);
	printf("process %d (%s) is not in %s: ", proc->pid, proc->name, contid);
	if (refusal) {
		format_refusal(restoring, its->to, proc->pid, refusal->err, why);
		puts(why);
	} else if (its->label.depth) {
		contid_format(&its->label.contid[0], other);
		printf("it carries %s\n", other);
	} else {
		puts("its container, or one around that, could not be restored, or its children "
		     "belong elsewhere");
	}
}

/* Return: whether all is told that had to be restored. */
static bool print_processes(const struct restoring *restoring)
{
	const struct scene *scene = &restoring->scene;
	size_t there = 0, ended;
	bool complete = true;

	for (size_t i = 0; i < scene->procs.count; i++) {
		const struct proc *proc = &scene->procs.items[i];
		const struct belonging *its = &scene->items[i];

		there += !!its->saved;
		if (its->to && !label_has(&its->label, &its->to->contid)) {
			print_left_out(restoring, i);
			complete = false;
		} else if (its->doubtful) {
			printf("process %d (%s) may belong in a container, and which cannot be known: it "
			       "came later, and its parent is not in one: `contidctl register --join`\n",
			       proc->pid, proc->name);
			complete = false;
		} else if (its->saved && !its->to) {
			printf("process %d (%s) had entered a container, and has gone back\n",
			       proc->pid, proc->name);
		} else if (!its->saved && state_find(&restoring->state, proc->pid)) {
			printf("process %d has ended, and its number is that of another one (%s)\n",
			       proc->pid, proc->name);
		}
	}
	ended = restoring->state.process_count - there;
	if (ended)
		printf("saved processes that have ended since: %zu\n", ended);
	return complete;
}

static bool is_complete(const struct restoring *restoring)
{
	for (size_t i = 0; i < restoring->state.container_count; i++) {
		const struct fate *fate = &restoring->fates[i];

		if (fate->err || fate->rate_err || fate->elsewhere || fate->left_out)
			return false;
	}
	return true;
}

static int restore_main(const struct command *self, int argc, char **argv)
{
	/* this process ends with the run: nothing in here is freed */
	struct restoring restoring = {};
	bool complete;
	int status;

	status = command_flags(self, &argc, &argv, NULL);
	if (status != GO_ON)
		return status;
	if (!state_read(&restoring.state, argv[0]) || !device_open(&restoring.device) ||
	    !snapshot_is_possible(&restoring.device))
		return REFUSED;
	if (!restoring_do(&restoring)) {
		message("not all processes could be looked at: run this again (%s)",
			strerror(errno));
		return REFUSED;
	}
	print_containers(&restoring);
	complete = print_processes(&restoring) && is_complete(&restoring);
	if (!restoring.done && complete)
		puts("nothing had to be restored");
	return complete ? DONE : REFUSED;
}

const struct command restore_command = {
	.name = "restore",
	.summary = "put back what save has written down",
	.arguments = "FILE",
	.least = 1,
	.most = 1,
	.missing = "from which file?",
	.help = "Put each process that `contidctl save` has written down back into its container.\n"
		"It is known by its number and its start time. A process born since is found\n"
		"through its parent, or by the mount namespace that a container lives in. A\n"
		"process that has its label is left as it is, so this can be run again.\n",
	.columns = columns,
	.more = "Below are the processes that could not be put back, or may belong in a container\n"
		"that is not known. Not restored are the time of registration, the counts of\n"
		"records, and how a process came in: one that had entered counts as one that has\n"
		"inherited.\n"
		"\n"
		"Exit code: 1 if something that lives could not be restored.\n",
	.main = restore_main,
};
