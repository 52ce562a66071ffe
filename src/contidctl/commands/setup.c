// SPDX-License-Identifier: GPL-2.0
/* contidctl setup */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "command.h"
#include "difference.h"
#include "engines.h"
#include "journal.h"
#include "message.h"
#include "program.h"
#include "reread.h"
#include "unit.h"

static const struct engine *const engines[] = {
	&docker_engine, &containerd_engine, &crio_engine,   &podman_engine,
	&lxc_engine,	&incus_engine,	    &nspawn_engine, &nri_engine,
};

#define ENGINES (sizeof(engines) / sizeof(*engines))

/**
 * struct wish - what is asked for
 * @status: only say what is set up
 * @undo: give back what was changed
 * @dry_run: only print what would be changed
 * @named: the engines have been named
 * @all_done: out: nothing was in the way
 */
struct wish {
	bool status;
	bool undo;
	bool dry_run;
	bool named;
	bool all_done;
};

static bool is_there(const struct engine *engine)
{
	for (const char *const *program = engine->programs; *program; program++) {
		if (below_has(*program))
			return true;
	}
	return false;
}

static bool is_done(const struct change *change)
{
	struct bytes now;
	bool done = !below_read(change->path, &now) && bytes_equal(&now, &change->bytes);

	bytes_free(&now);
	return done;
}

static int count_done(const struct plan *plan)
{
	int done = 0;

	for (int i = 0; i < plan->count; i++)
		done += is_done(&plan->changes[i]);
	return done;
}

static void failed(struct wish *wish, const struct engine *engine, const char *text)
{
	message("setup: %s: %s", engine->title, text);
	wish->all_done = false;
}

/* systemd and the engine read what was changed, and no container notices. */
static void reload(struct wish *wish, const struct engine *engine, const struct plan *plan)
{
	const char *const units[] = { "systemctl", "daemon-reload", NULL };

	if (!below_is_machine())
		return;
	if (access("/run/systemd/system", F_OK)) {
		if (plan->unit)
			printf("%s: no systemd runs that reloads it: restart it when its "
			       "containers allow that\n",
			       engine->title);
		return;
	}
	if (plan->drop_in && !program_run(units))
		failed(wish, engine,
		       "systemd did not take the change: type `systemctl daemon-reload`");
	if (plan->unit && unit_is_active(plan->unit) && !unit_reload(plan->unit))
		failed(wish, engine, "it did not take the change: look at `systemctl status`");
}

/* Half of it may be worse than nothing. */
static void take_back(struct wish *wish, const struct engine *engine, const struct plan *plan,
		      const bool *mine)
{
	bool all = true;

	for (int i = plan->count; i--;) {
		const struct change *change = &plan->changes[i];
		const char *wrong = NULL;
		enum undoing how;
		struct bytes to;

		if (!mine[i])
			continue;
		how = kept_look(change, &to, &wrong);
		if (how != UNDO_REFUSED)
			wrong = kept_undo(change, how, &to);
		bytes_free(&to);
		if (!wrong)
			continue;
		all = false;
		message("setup: %s: %s could not be given back: %s: type `contidctl setup --undo %s`",
			engine->title, change->path, wrong, engine->name);
	}
	failed(wish, engine, all ? "nothing was changed" : "it is set up in part");
}

static void set_up(struct wish *wish, const struct engine *engine, struct plan *plan)
{
	bool mine[CHANGES] = {};
	const char *wrong = NULL;
	int i;

	if (count_done(plan) == plan->count) {
		printf("%s: is set up\n", engine->title);
		return;
	}
	for (i = 0; i < plan->count && !wrong; i++) {
		if (is_done(&plan->changes[i]))
			continue;
		if (wish->dry_run) {
			wrong = difference_print(plan->changes[i].path, &plan->changes[i].bytes);
			continue;
		}
		wrong = kept_put(&plan->changes[i]);
		mine[i] = !wrong;
	}
	if (wrong) {
		message("setup: %s: %s: %s", engine->title, plan->changes[i - 1].path, wrong);
		take_back(wish, engine, plan, mine);
		return;
	}
	if (wish->dry_run)
		return;
	printf("%s: set up by", engine->title);
	for (i = 0; i < plan->count; i++)
		printf(" %s", plan->changes[i].path);
	putchar('\n');
	reload(wish, engine, plan);
	if (plan->then)
		printf("%s: %s\n", engine->title, plan->then);
	if (plan->limit)
		printf("%s: %s\n", engine->title, plan->limit);
}

/* An engine that runs keeps our part, unless it reads the opposite once. */
static void have_forgotten(struct wish *wish, const struct engine *engine, const char *unit,
			   const struct change *change, enum undoing how, const struct bytes *to)
{
	const char *wrong = NULL;
	struct bytes between;

	if (!change->between || (how != UNDO_WHOLE && how != UNDO_PART) || !unit ||
	    !unit_is_active(unit) || !change->between(to, &between))
		return;
	if (how == UNDO_WHOLE)
		wrong = kept_note(change, &between);
	if (!wrong)
		wrong = reread_by(unit, change->path, &between);
	bytes_free(&between);
	if (!wrong)
		return;
	message("setup: %s: it may go on with our runtime: type `systemctl restart %s`: %s",
		engine->title, unit, wrong);
	wish->all_done = false;
}

/* Return: was something given back? */
static bool undo_change(struct wish *wish, const struct engine *engine, const char *unit,
			const struct change *change)
{
	enum undoing how;
	struct bytes to;
	const char *wrong;
	bool done = false;
	char *before;

	how = kept_look(change, &to, &wrong);
	if (how == UNDO_PART)
		message("setup: %s: %s was changed since: only our part is taken out",
			engine->title, change->path);
	if (how == UNDO_GONE)
		message("setup: %s: %s was removed since, and stays so", engine->title,
			change->path);
	if (how == UNDO_REFUSED) {
		before = kept_before(change->path);
		message("setup: %s: %s: %s: mend it by hand; %s, if there is one, is what was in it "
			"before",
			engine->title, change->path, wrong, before);
		free(before);
		wish->all_done = false;
	} else if (wish->dry_run) {
		wrong = how == UNDO_WHOLE || how == UNDO_PART ?
				difference_print(change->path, &to) :
				NULL;
		if (wrong)
			failed(wish, engine, wrong);
	} else {
		have_forgotten(wish, engine, unit, change, how, &to);
		wrong = kept_undo(change, how, &to);
		if (wrong)
			failed(wish, engine, wrong);
		done = !wrong && how != UNDO_NOTHING;
	}
	bytes_free(&to);
	return done;
}

static void undo(struct wish *wish, const struct engine *engine, struct plan *plan)
{
	bool done = false;
	char *text = NULL;

	/* the last first: an engine is not to name what is not there any more */
	for (int i = plan->count; i--;)
		done = undo_change(wish, engine, plan->unit, &plan->changes[i]) || done;
	if (wish->dry_run)
		return;
	if (!done) {
		if (wish->named)
			printf("%s: nothing of contidctl setup to undo\n", engine->title);
		return;
	}
	printf("%s: undone\n", engine->title);
	reload(wish, engine, plan);
	if (plan->until_restart && unit_is_active(plan->unit))
		printf("%s: %s\n", engine->title, plan->until_restart);
	if (engine->undone)
		text = engine->undone();
	if (text)
		message("setup: %s: %s", engine->title, text);
	free(text);
}

static void say_status(struct wish *wish, const struct engine *engine, const struct plan *plan)
{
	int done = count_done(plan);

	if (plan->count && done == plan->count) {
		printf("%-15s set up\n", engine->title);
		if (plan->limit)
			printf("%-15s %s\n", "", plan->limit);
		return;
	}
	if (plan->wrong)
		printf("%-15s cannot be set up: %s\n", engine->title, plan->wrong);
	else
		printf("%-15s %s\n", engine->title, done ? "set up in part" : "not set up");
	if (engine->by_hand && !wish->named)
		return;
	wish->all_done = false;
	if (below_is_machine())
		journal(LOG_WARNING,
			"%s is on this machine and does not register its containers: type "
			"`contidctl setup %s`",
			engine->title, engine->name);
}

static void treat(struct wish *wish, const struct engine *engine)
{
	struct plan plan = {};

	if (engine->by_name && !wish->named && !wish->undo)
		return;
	if (!is_there(engine) && !wish->undo) {
		if (wish->status)
			printf("%-15s not on this machine\n", engine->title);
		else if (wish->named)
			failed(wish, engine, "it is not on this machine");
		return;
	}
	engine->plan(&plan);
	if (wish->status) {
		say_status(wish, engine, &plan);
	} else if (wish->undo) {
		if (plan.count)
			undo(wish, engine, &plan);
	} else if (plan.wrong) {
		if (engine->by_hand && !wish->named)
			printf("%s: %s\n", engine->title, plan.wrong);
		else
			failed(wish, engine, plan.wrong);
	} else {
		set_up(wish, engine, &plan);
	}
	plan_free(&plan);
}

/* A file that several engines share is undone for one that is there, not for another. */
static void treat_all(struct wish *wish)
{
	for (size_t i = 0; i < ENGINES; i++) {
		if (!wish->undo || is_there(engines[i]))
			treat(wish, engines[i]);
	}
	for (size_t i = 0; i < ENGINES && wish->undo; i++) {
		if (!is_there(engines[i]))
			treat(wish, engines[i]);
	}
}

static const struct engine *engine_called(const char *name)
{
	for (size_t i = 0; i < ENGINES; i++) {
		if (!strcmp(engines[i]->name, name))
			return engines[i];
	}
	return NULL;
}

enum { STATUS, UNDO, DRY_RUN, ROOT };

static const struct command_option options[] = {
	[STATUS] = { "status", 0, NULL,
		     "say which engines are set up; the journal has the others" },
	[UNDO] = { "undo", 0, NULL, "give back every file as it was" },
	[DRY_RUN] = { "dry-run", 'n', NULL, "print the difference, and change nothing" },
	[ROOT] = { "root", 0, "DIR", "the files below DIR, as of another machine" },
	{},
};

static int take_option(void *data, const struct command *self, int option, char *value)
{
	struct wish *wish = data;

	(void)self;
	switch (option) {
	case STATUS:
		wish->status = true;
		break;
	case UNDO:
		wish->undo = true;
		break;
	case DRY_RUN:
		wish->dry_run = true;
		break;
	case ROOT:
		below_set(value);
		break;
	}
	return GO_ON;
}

static int setup_main(const struct command *self, int argc, char **argv)
{
	struct wish wish = { .all_done = true };
	int status = command_options(self, &argc, &argv, take_option, &wish);

	if (status != GO_ON)
		return status;
	if (wish.status && (wish.undo || wish.dry_run))
		return command_usage(self, "--status changes nothing: leave out the others");
	for (int i = 0; i < argc; i++) {
		if (!engine_called(argv[i]))
			return command_usage(self, "there is no engine '%s'", argv[i]);
	}
	if (!below_has("/")) {
		message("setup: --root: %s", strerror(errno));
		return REFUSED;
	}
	if (geteuid() && !wish.status && !wish.dry_run) {
		message("setup: only root may change the files of engines");
		return REFUSED;
	}
	wish.named = argc;
	for (int i = 0; i < argc; i++)
		treat(&wish, engine_called(argv[i]));
	if (!wish.named)
		treat_all(&wish);
	return wish.all_done ? DONE : REFUSED;
}

const struct command setup_command = {
	.name = "setup",
	.summary = "have container engines register their containers",
	.options = options,
	.arguments = "[ENGINE...]",
	.most = ENGINES,
	.help = "Have each container engine of this machine, or each that is named, register\n"
		"its containers by itself: docker, containerd, crio, podman, lxc, incus, nspawn,\n"
		"and nri, the plugin for what Kubernetes starts, if it is named.\n"
		"A second time nothing is changed. What cannot be done is said, and what to\n"
		"type instead.\n",
	.more = "If a file was changed since, --undo takes out our part, or says that it has to\n"
		"be done by hand. With --root nothing is started or reloaded.\n"
		"\n"
		"Exit code: 1 if an engine could not be set up, or with --status is not.\n",
	.main = setup_main,
};
