// SPDX-License-Identifier: GPL-2.0
/* contidctl restore */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "contid.h"
#include "message.h"
#include "restoring.h"
#include "snapshot.h"

#define FILE_MAX (1L << 30)

/* The whole of a file, to be freed; NULL with errno. */
static char *file_text(const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	char *text = NULL, *more;
	size_t size = 0, n = 0;

	*length = 0;
	if (!file)
		return NULL;
	do {
		if (*length == size) {
			size = size ? 2 * size : 65536;
			more = size > FILE_MAX ? NULL : realloc(text, size);
			if (!more) {
				errno = size > FILE_MAX ? EFBIG : ENOMEM;
				goto failed;
			}
			text = more;
		}
		n = fread(text + *length, 1, size - *length, file);
		*length += n;
	} while (n);
	if (!ferror(file)) {
		fclose(file);
		return text;
	}
failed:
	free(text);
	fclose(file);
	return NULL;
}

static bool state_read(struct state *state, const char *path)
{
	char why[STATE_WHY], boot_id[BOOT_ID_TEXT];
	size_t length;
	char *text = file_text(path, &length);
	bool ok;

	if (!text) {
		message("%s: %s", path, strerror(errno));
		return false;
	}
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

static void print_containers(const struct restoring *restoring)
{
	const struct state *state = &restoring->state;

	printf("%-36s %-36s %9s  %s\n", "CONTID", "PARENT", "PROCESSES", "RESULT");
	for (size_t i = 0; i < state->container_count; i++) {
		const struct audit_contid_container *c = &state->containers[i];
		const struct fate *fate = &restoring->fates[i];
		char contid[CONTID_TEXT], parent[CONTID_TEXT] = "-", why[REFUSAL_TEXT];

		contid_format(&c->contid, contid);
		if (c->depth > 1)
			contid_format(&c->parent, parent);
		printf("%-36s %-36s %9zu  %s\n", contid, parent, fate->members - fate->left_out,
		       result(fate));
		if (fate->err) {
			refusal_format(fate->err, why);
			printf("  %s\n", why);
		}
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
		refusal_format(refusal->err, why);
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
			printf("process %d (%s) may belong in a container, and which can not be known: it "
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

		if (fate->err || fate->elsewhere || fate->left_out)
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

	status = command_flags(self, argc, argv, &(const struct flag){});
	if (status >= 0)
		return status;
	if (argc - optind != 1)
		return command_usage(self,
				     argc == optind ? "from which file?" : "too many arguments");
	if (!state_read(&restoring.state, argv[optind]) || !device_open(&restoring.device) ||
	    !snapshot_is_possible(&restoring.device))
		return REFUSED;
	if (!restoring_do(&restoring)) {
		message("%s: not all processes could be looked at: run this again",
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
	.help = "restore FILE\n"
		"Put each process that `contidctl save` has written down back into its container.\n"
		"It is known by its number and by when it began. Who was born since is found\n"
		"through its parent, or by the mount namespace that a container lives in. What\n"
		"has its label is left as it is, so this can be run again.\n"
		"\n"
		"  -h, --help  this text\n"
		"\n"
		"  PROCESSES  that carry it, without those of containers inside of it\n"
		"  RESULT     restored; kept: it was there; ended: none of its processes lives;\n"
		"             refused, and why\n"
		"\n"
		"Below are the processes that could not be put back, or of which that can not be\n"
		"known. Not restored are the time of registration, the counts of records, and how a\n"
		"process came in: who had entered counts as one that has inherited.\n"
		"\n"
		"Exit code: 1 where something that lives could not be restored.\n",
	.main = restore_main,
};
