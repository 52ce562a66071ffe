// SPDX-License-Identifier: GPL-2.0
/*
 * For each file there are two in KEPT_DIRECTORY: what was in it before (none if there was
 * no file), and what we have put into it. They are written first, and the file last. So
 * wherever this is interrupted, the file is either as it was, or as we wanted it; and what
 * it is can be seen by comparing. An empty file for each directory that we have made
 * says that it may go again.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kept.h"

#define BEFORE	  "before"
#define AFTER	  "after"
#define DIRECTORY "directory"

/* /etc/docker/daemon.json is %etc%docker%daemon.json in there; to be freed */
static char *name_of(const char *path, const char *which)
{
	char *name;

	if (asprintf(&name, KEPT_DIRECTORY "/%s.%s", path, which) < 0)
		abort();
	for (char *at = name + strlen(KEPT_DIRECTORY "/"); *at; at++) {
		if (*at == '/')
			*at = '%';
	}
	return name;
}

/** kept_before - where that is kept which was in a file before; to be freed */
char *kept_before(const char *path)
{
	return name_of(path, BEFORE);
}

static const char *read_kept(const char *path, const char *which, struct bytes *bytes)
{
	char *name = name_of(path, which);
	const char *wrong = below_read(name, bytes);

	free(name);
	return wrong;
}

static const char *write_kept(const char *path, const char *which, const struct bytes *bytes)
{
	char *name = name_of(path, which);
	const char *wrong = below_write(name, bytes);

	free(name);
	return wrong;
}

static const char *remove_kept(const char *path, const char *which)
{
	char *name = name_of(path, which);
	const char *wrong = below_remove(name);

	free(name);
	return wrong;
}

/* Not kept: those of KEPT_DIRECTORY itself. Return: NULL, or what is wrong. */
static const char *make_directory(const char *path, bool kept)
{
	const struct bytes nothing = { .there = true, .text = "" };
	const char *wrong = NULL;
	char *name = below(path);

	if (access(name, F_OK)) {
		if (kept)
			wrong = write_kept(path, DIRECTORY, &nothing);
		if (!wrong && mkdir(name, kept ? 0755 : 0700))
			wrong = strerror(errno);
	}
	free(name);
	return wrong;
}

static const char *make_directories(const char *path, bool kept)
{
	char *part = strdup(path);
	const char *wrong = NULL;

	if (!part)
		return strerror(ENOMEM);
	for (char *slash = strchr(part + 1, '/'); slash && !wrong; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		wrong = make_directory(part, kept);
		*slash = '/';
	}
	free(part);
	return wrong;
}

/* Is there any file left that we have changed? */
static bool is_any_left(void)
{
	char *name = below(KEPT_DIRECTORY);
	DIR *directory = opendir(name);
	struct dirent *entry;
	bool any = false;

	free(name);
	while (directory && !any && (entry = readdir(directory))) {
		const char *dot = strrchr(entry->d_name, '.');

		any = dot && !strcmp(dot + 1, AFTER);
	}
	if (directory)
		closedir(directory);
	return any;
}

/* From the deepest on. One in which somebody has put something stays. */
static void remove_directories(const char *path)
{
	bool any_left = is_any_left();
	char *part = strdup(path), *slash;
	struct bytes made;

	while (part && (slash = strrchr(part, '/')) && slash != part) {
		*slash = '\0';
		if (!read_kept(part, DIRECTORY, &made) && made.there) {
			char *name = below(part);

			/* another of our files may be in there */
			if (!rmdir(name) || errno == ENOENT || !any_left)
				remove_kept(part, DIRECTORY);
			free(name);
		}
		bytes_free(&made);
	}
	free(part);
}

static void remove_own_directories(void)
{
	static const char *const paths[] = { KEPT_DIRECTORY, "/var/lib/audit-contid" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		char *name = below(paths[i]);

		rmdir(name);
		free(name);
	}
}

static void forget(const char *path)
{
	remove_kept(path, AFTER);
	remove_kept(path, BEFORE);
	below_clean(KEPT_DIRECTORY "/");
	below_clean(path);
	remove_directories(path);
	remove_own_directories();
}

/*
 * What undo is to give back: never a part of ours that is in there from an earlier time. A
 * file that is ours as a whole stays so when somebody edits it.
 * Return: NULL, or what is wrong; @ours: what we have put there, if that is what is in the
 * file, or was before such an edit; to be freed.
 */
static const char *keep(const struct change *change, const struct bytes *now, struct bytes *ours)
{
	struct bytes before = *now, kept = {}, after = {}, clean = {};
	const char *wrong;

	wrong = read_kept(change->path, AFTER, &after);
	if (!wrong)
		wrong = read_kept(change->path, BEFORE, &kept);
	if (!wrong && after.there && now->there && (bytes_equal(&after, now) || !change->without)) {
		*ours = after;
		after = (struct bytes){};
	}
	/* or an earlier run was interrupted */
	if (wrong || ours->there || (kept.there && bytes_equal(&kept, now)))
		goto out;
	wrong = remove_kept(change->path, AFTER);
	if (!wrong)
		wrong = remove_kept(change->path, BEFORE);
	if (wrong || !now->there)
		goto out;
	if (after.there && change->without) {
		wrong = change->without(now, &clean);
		before.text = clean.text;
		before.length = clean.length;
	}
	if (!wrong)
		wrong = write_kept(change->path, BEFORE, &before);
out:
	bytes_free(&clean);
	bytes_free(&after);
	bytes_free(&kept);
	return wrong;
}

/**
 * kept_put - change a file, and keep what was in it
 * @change: which is needed: something else is in it
 *
 * Return: NULL, or why it was not done; then the file is as it was.
 */
const char *kept_put(const struct change *change)
{
	struct bytes now, ours = {}, to = change->bytes;
	const char *wrong;

	wrong = below_read(change->path, &now);
	if (!wrong)
		wrong = make_directories(KEPT_DIRECTORY "/", false);
	if (!wrong)
		wrong = make_directories(change->path, true);
	if (!wrong)
		wrong = keep(change, &now, &ours);
	if (!wrong)
		wrong = write_kept(change->path, AFTER, &to);
	if (now.there)
		to.stat = now.stat;
	if (!wrong)
		wrong = below_write(change->path, &to);
	if (wrong && ours.there)
		write_kept(change->path, AFTER, &ours);
	else if (wrong)
		forget(change->path);
	bytes_free(&ours);
	bytes_free(&now);
	return wrong;
}

static enum undoing look(const struct change *change, const struct bytes *now, struct bytes *to,
			 const char **wrong)
{
	struct bytes after = {}, before = {};
	enum undoing how = UNDO_REFUSED;

	*wrong = read_kept(change->path, AFTER, &after);
	if (!*wrong)
		*wrong = read_kept(change->path, BEFORE, &before);
	if (*wrong)
		goto out;
	if (!after.there || bytes_equal(now, &before)) {
		how = UNDO_NOTHING;
	} else if (!now->there) {
		how = UNDO_GONE;
	} else if (bytes_equal(now, &after)) {
		*to = before;
		before.text = NULL;
		how = UNDO_WHOLE;
	} else if (change->without) {
		*wrong = change->without(now, to);
		to->stat = now->stat;
		if (!*wrong)
			how = UNDO_PART;
	} else {
		*wrong = "it was changed since";
	}
out:
	bytes_free(&before);
	bytes_free(&after);
	return how;
}

/**
 * kept_look - find out what can be undone
 * @change: the change of the file
 * @to: out: what would be in it then; to be freed
 * @wrong: out: if it is refused, why
 */
enum undoing kept_look(const struct change *change, struct bytes *to, const char **wrong)
{
	enum undoing how = UNDO_REFUSED;
	struct bytes now;

	*to = (struct bytes){};
	*wrong = below_read(change->path, &now);
	if (!*wrong)
		how = look(change, &now, to, wrong);
	bytes_free(&now);
	return how;
}

/**
 * kept_note - before other bytes are put into a file that is about to be given back
 * @change: the change
 * @bytes: what will be in it for a moment: undo takes these for ours, if it is interrupted
 *
 * Return: NULL, or why it was not done.
 */
const char *kept_note(const struct change *change, const struct bytes *bytes)
{
	return write_kept(change->path, AFTER, bytes);
}

/**
 * kept_undo - undo the change of a file
 * @change: the change
 * @how: as kept_look() says
 * @to: likewise
 *
 * Return: NULL, or why it was not done.
 */
const char *kept_undo(const struct change *change, enum undoing how, const struct bytes *to)
{
	const char *wrong = NULL;

	if (how == UNDO_WHOLE || how == UNDO_PART)
		wrong = to->there ? below_write(change->path, to) : below_remove(change->path);
	if (!wrong && how != UNDO_REFUSED)
		forget(change->path);
	return wrong;
}
