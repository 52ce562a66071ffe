// SPDX-License-Identifier: GPL-2.0
/*
 * Names of cgroups.
 *
 * A container can make cgroups below its own, with any name. What is found below
 * a container is nested in it, whoever it says that it is; see also owner.c.
 */
#include <string.h>

#include "cgroup.h"
#include "owner.h"
#include "uuid5.h"

#define RUNTIME_DIGITS 64

/* what stands between prefix and suffix */
enum kind {
	DIGITS, /* a runtime's 64 */
	NAME, /* as it is */
	UNIT, /* escaped, as systemd does for the name of a unit */
};

/**
 * struct shape - how a runtime names a cgroup
 * @runtime: the runtime
 * @kind: what the name is
 * @prefix: what stands before it; a '*' in front stands for anything
 * @suffix: what stands behind it
 * @parent: the cgroup above
 * @next: the cgroup below, which belongs to it
 * @not_above: it is none where the cgroup below begins with this
 * @monitor: no container
 * @doubtful: see struct cgroup_name
 */
struct shape {
	const char *runtime;
	enum kind kind;
	const char *prefix;
	const char *suffix;
	const char *parent;
	const char *next;
	const char *not_above;
	bool monitor;
	bool doubtful;
};

/* The first that fits is taken. */
static const struct shape shapes[] = {
	{ "podman", DIGITS, "libpod-conmon-", .suffix = ".scope", .monitor = true },
	{ "cri-o", DIGITS, "crio-conmon-", .suffix = ".scope", .monitor = true },
	{ "cri-o", DIGITS, "crio-conmon-", .monitor = true },
	{ "lxc", NAME, "lxc.monitor.", .monitor = true },
	{ "lxc", NAME, .parent = "lxc.monitor", .monitor = true },
	{ "nspawn", UNIT, "machine-", ".scope", .next = "supervisor", .monitor = true },
	{ "nspawn", UNIT, "systemd-nspawn@", ".service", .next = "supervisor", .monitor = true },

	{ "podman", DIGITS, "libpod-", .suffix = ".scope" },
	{ "podman", DIGITS, .prefix = "libpod-" },
	/* podman run --cgroups=split */
	{ "podman", DIGITS, .prefix = "libpod-payload-" },
	{ "docker", DIGITS, "docker-", .suffix = ".scope" },
	{ "docker", DIGITS, .parent = "docker" },
	{ "cri-o", DIGITS, "crio-", .suffix = ".scope" },
	{ "cri-o", DIGITS, .prefix = "crio-" },
	{ "containerd", DIGITS, "cri-containerd-", .suffix = ".scope" },
	{ "containerd", DIGITS, "nerdctl-", .suffix = ".scope" },
	/* an engine for systemd's cgroups with a runtime that makes its own */
	{ "podman", DIGITS, .prefix = "*:libpod:" },
	{ "docker", DIGITS, .prefix = "*:docker:" },
	{ "cri-o", DIGITS, .prefix = "*:crio:" },
	{ "containerd", DIGITS, .prefix = "*:cri-containerd:" },
	/* a pod of podman's is called so too, and is no container */
	{ "containerd", DIGITS, .not_above = "libpod-" },

	{ "lxc", NAME, .prefix = "lxc.payload." },
	{ "lxc", NAME, .parent = "lxc.payload" },
	{ "lxc", NAME, .parent = "lxc", .not_above = "lxc." },
	{ "nspawn", UNIT, "machine-", ".scope", .next = "payload" },
	{ "nspawn", UNIT, "systemd-nspawn@", ".service", .next = "payload" },
	/* systemd-nspawn --register=no */
	{ "nspawn", UNIT, .suffix = ".scope", .parent = "machine.slice", .next = "payload" },
	/* no payload below where the hierarchy is that of cgroup v1; virtual machines too */
	{ "nspawn", UNIT, "machine-", ".scope", .doubtful = true },
};

#define SHAPES (sizeof(shapes) / sizeof(*shapes))

struct word {
	const char *at;
	size_t length;
};

/* The component that begins at a slash. */
static struct word component(const char *slash)
{
	const char *at = *slash ? slash + 1 : slash;

	return (struct word){ at, strcspn(at, "/") };
}

static bool is(struct word word, const char *text)
{
	return word.length == strlen(text) && !memcmp(word.at, text, word.length);
}

static bool begins(struct word word, const char *text)
{
	size_t length = strlen(text);

	return word.length >= length && !memcmp(word.at, text, length);
}

/* Takes off what stands in front of the name, with anything before it. */
static bool take_any_prefix(struct word *word, const char *text)
{
	for (; word->length; word->at++, word->length--) {
		if (begins(*word, text))
			return true;
	}
	return false;
}

static bool take_suffix(struct word *word, const char *text)
{
	size_t length = strlen(text);

	if (word->length <= length || memcmp(word->at + word->length - length, text, length))
		return false;
	word->length -= length;
	return true;
}

static bool take_affixes(struct word *word, const struct shape *shape)
{
	const char *prefix = shape->prefix ?: "", *suffix = shape->suffix ?: "";

	if (*prefix == '*') {
		prefix++;
		if (!take_any_prefix(word, prefix))
			return false;
	} else if (!begins(*word, prefix)) {
		return false;
	}
	word->at += strlen(prefix);
	word->length -= strlen(prefix);
	return take_suffix(word, suffix);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_digits(struct word word)
{
	if (word.length != RUNTIME_DIGITS)
		return false;
	for (size_t i = 0; i < word.length; i++) {
		if (hex_digit(word.at[i]) < 0)
			return false;
	}
	return true;
}

/* "a\x2db" is "a-b", and "a-b" is "a/b", which no machine is called. */
static void unit_unescape(char *text)
{
	char *to = text;

	while (*text) {
		if (text[0] == '\\' && text[1] == 'x' && hex_digit(text[2]) >= 0 &&
		    hex_digit(text[3]) >= 0) {
			*to++ = hex_digit(text[2]) << 4 | hex_digit(text[3]);
			text += 4;
		} else {
			*to++ = *text == '-' ? '/' : *text;
			text++;
		}
	}
	*to = '\0';
}

static bool take_name(struct word word, const struct shape *shape, struct cgroup_name *found)
{
	if (!word.length || word.length > NAME_MAX)
		return false;
	memcpy(found->name, word.at, word.length);
	found->name[word.length] = '\0';
	if (shape->kind == UNIT)
		unit_unescape(found->name);
	if (shape->kind == DIGITS && !is_digits(word))
		return false;
	if (shape->monitor)
		return true;
	return !contid_of_container(shape->runtime, found->name, &found->contid);
}

/* Does the component at a slash have this shape? Its end is that of the container. */
static bool shape_fits(const struct shape *shape, const char *path, struct word parent,
		       struct word own, struct cgroup_name *found)
{
	const char *end = own.at + own.length;
	struct word next = component(end);

	if ((shape->parent && !is(parent, shape->parent)) ||
	    (shape->next && !is(next, shape->next)) ||
	    (shape->not_above && begins(next, shape->not_above)))
		return false;
	if (!take_affixes(&own, shape) || !take_name(own, shape, found))
		return false;
	found->runtime = shape->runtime;
	found->monitor = shape->monitor;
	found->doubtful = shape->doubtful;
	found->end = (shape->next ? next.at + next.length : end) - path;
	return true;
}

/**
 * cgroup_next - the next cgroup of a path that has a runtime's name
 * @path: as in /proc/PID/cgroup
 * @from: 0 to begin, or the end of the one before
 * @found: out
 */
bool cgroup_next(const char *path, size_t from, struct cgroup_name *found)
{
	struct word parent = {}, own = {};
	const char *slash = path;

	if (*path != '/')
		return false;
	/* the one above may lie before */
	for (; *slash; slash = own.at + own.length) {
		parent = own;
		own = component(slash);
		if ((size_t)(slash - path) < from)
			continue;
		for (size_t i = 0; i < SHAPES; i++) {
			if (shape_fits(&shapes[i], path, parent, own, found))
				return true;
		}
	}
	return false;
}

/*
 * That of cgroup v2 tells most, then that of systemd's own hierarchy. Before both
 * comes whether it has a runtime's name, and before that whether this is root's
 * choice: elsewhere the process itself may have chosen where it is.
 */
static int rank_of(const struct cgroup_path *at)
{
	struct cgroup_name found;
	int rank = !*at->controllers ? 3 : !strcmp(at->controllers, "name=systemd") ? 2 : 1;

	if (!cgroup_next(at->path, 0, &found))
		return rank;
	return cgroup_owner(at->controllers, at->path, found.end).is_root ? rank + 6 : rank + 3;
}

/**
 * cgroup_of - the path that tells most about the container
 * @lines: all of /proc/PID/cgroup; cut up
 *
 * Return: a path in @lines and its hierarchy, "" if there is none.
 */
struct cgroup_path cgroup_of(char *lines)
{
	struct cgroup_path best = { "", "" };
	char *rest = NULL;
	int best_rank = 0;

	for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		struct cgroup_path at;
		int rank;

		if (!path)
			continue;
		*path++ = '\0';
		at = (struct cgroup_path){ controllers + 1, path };
		rank = rank_of(&at);
		if (rank > best_rank) {
			best = at;
			best_rank = rank;
		}
	}
	return best;
}
