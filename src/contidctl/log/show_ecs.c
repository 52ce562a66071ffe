// SPDX-License-Identifier: GPL-2.0
/*
 * The Elastic Common Schema. What it has no field for is in those of Auditbeat's module
 * for audit: user.audit, user.saved, user.filesystem, auditd.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common_schema.h"
#include "formats.h"
#include "moment.h"

#define ECS_VERSION "8.11.0"

/* Into objects in objects: "user.id" */
static void put(struct json_object *to, const char *path, struct json_object *value)
{
	const char *dot = strchr(path, '.');
	struct json_object *inner;
	char *name;

	if (!dot) {
		json_add(to, path, value);
		return;
	}
	name = strndup(path, dot - path);
	if (!name) {
		json_object_put(value);
		return;
	}
	if (!json_object_object_get_ex(to, name, &inner)) {
		inner = json_object_new_object();
		json_add(to, name, inner);
	}
	put(inner, dot + 1, value);
	free(name);
}

static void put_text(struct json_object *to, const char *path, const char *text)
{
	if (text)
		put(to, path, json_object_new_string(text));
}

static void put_list(struct json_object *to, const char *path, const char *text)
{
	struct json_object *list = json_object_new_array();

	json_object_array_add(list, json_object_new_string(text));
	put(to, path, list);
}

static void put_number(struct json_object *to, const char *path, const struct facts *facts,
		       const char *type, const char *field)
{
	long long number;

	if (facts_number(facts, type, field, &number))
		put(to, path, json_object_new_int64(number));
}

/* IDs are words in this schema. */
static void put_user(struct json_object *to, const struct facts *facts, const char *field,
		     const char *id, const char *name)
{
	const struct fact *fact = facts_find(facts, NULL, field);

	if (!fact)
		return;
	put_text(to, id, fact->raw);
	put_text(to, name, fact_meaning(fact));
}

static void put_users(struct json_object *to, const struct facts *facts)
{
	put_user(to, facts, "uid", "user.id", "user.name");
	put_user(to, facts, "gid", "user.group.id", "user.group.name");
	put_user(to, facts, "euid", "user.effective.id", "user.effective.name");
	put_user(to, facts, "egid", "user.effective.group.id", "user.effective.group.name");
	put_user(to, facts, "auid", "user.audit.id", "user.audit.name");
	put_user(to, facts, "suid", "user.saved.id", "user.saved.name");
	put_user(to, facts, "fsuid", "user.filesystem.id", "user.filesystem.name");
}

static void put_process(struct json_object *to, const struct facts *facts)
{
	struct json_object *arguments = facts_arguments(facts);
	long long code;
	char *line;

	put_number(to, "process.pid", facts, NULL, "pid");
	put_number(to, "process.parent.pid", facts, NULL, "ppid");
	put_text(to, "process.name", facts_text(facts, NULL, "comm"));
	put_text(to, "process.executable", facts_text(facts, NULL, "exe"));
	put_text(to, "process.title", facts_text(facts, "PROCTITLE", "proctitle"));
	put_text(to, "process.working_directory", facts_text(facts, "CWD", "cwd"));
	if (schema_exit_code(facts, &code))
		put(to, "process.exit_code", json_object_new_int64(code));
	if (!arguments)
		return;
	put(to, "process.args_count", json_object_new_int(json_object_array_length(arguments)));
	line = arguments_line(arguments);
	put_text(to, "process.command_line", line);
	free(line);
	put(to, "process.args", arguments);
}

/* "algorithm:digits"; podman and CRI-O leave out the first if it is SHA-256. */
static void put_digest(struct json_object *to, const char *digest)
{
	char text[sizeof("sha256:") + 64];

	if (!digest)
		return;
	if (strchr(digest, ':')) {
		put_list(to, "container.image.hash.all", digest);
	} else if (strlen(digest) == 64) {
		snprintf(text, sizeof(text), "sha256:%s", digest);
		put_list(to, "container.image.hash.all", text);
	}
}

/* It has one container for an event: of the process that caused it, if that has any. */
static void put_container(struct json_object *to, const struct schema_event *event)
{
	const struct schema_container *container = event->subject.id.len ? &event->subject :
									   &event->object;

	if (!container->id.len)
		return;
	put(to, "container.id", json_object_new_string_len(container->id.at, CONTID_TEXT - 1));
	put_text(to, "container.name", container->name.name);
	put_text(to, "container.image.name", container->name.image);
	put_digest(to, container->name.digest);
	if (!container->name.namespace)
		return;
	put_text(to, "orchestrator.type", "kubernetes");
	put_text(to, "orchestrator.namespace", container->name.namespace);
	put_text(to, "orchestrator.resource.type", "pod");
	put_text(to, "orchestrator.resource.name", container->name.pod);
}

static void put_event(struct json_object *to, const struct schema_event *event)
{
	static const char *const outcomes[] = {
		[OUTCOME_NONE] = "unknown",
		[OUTCOME_SUCCESS] = "success",
		[OUTCOME_FAILURE] = "failure",
	};
	char when[MOMENT_TEXT];

	moment_utc(event->milli, when);
	put_text(to, "@timestamp", when);
	put_text(to, "ecs.version", ECS_VERSION);
	put_text(to, "event.kind", "event");
	put_list(to, "event.category", event->deed->category);
	put_list(to, "event.type", event->deed->type);
	put_text(to, "event.action", event->action);
	put_text(to, "event.outcome", outcomes[event->outcome]);
	put_text(to, "event.created", when);
	put_text(to, "event.module", "auditd");
	put_text(to, "event.code", event->main_type);
	put(to, "event.sequence", json_object_new_uint64(event->serial));
	put_text(to, "event.original", event->original);
	put_text(to, "host.name", event->node);
}

static void put_rest(struct json_object *to, const struct facts *facts)
{
	struct json_object *keys = schema_keys(facts);
	const struct fact *path = schema_path(facts);

	if (path) {
		put_text(to, "file.path", path->value);
		put_text(to, "file.inode", schema_of_record(facts, path->record, "inode"));
		put_text(to, "file.uid", schema_of_record(facts, path->record, "ouid"));
		put_text(to, "file.gid", schema_of_record(facts, path->record, "ogid"));
	}
	if (keys)
		put(to, "tags", keys);
	put_text(to, "auditd.session", schema_raw(facts, NULL, "ses"));
	put_text(to, "auditd.data.tty", facts_text(facts, NULL, "tty"));
	put_text(to, "auditd.data.arch", facts_text(facts, "SYSCALL", "arch"));
	put_text(to, "auditd.data.syscall", facts_text(facts, "SYSCALL", "syscall"));
	put_text(to, "auditd.data.exit", facts_text(facts, "SYSCALL", "exit"));
}

/**
 * show_ecs - an event as the Elastic Common Schema has it
 * @event: the event
 *
 * Return: an object.
 */
struct json_object *show_ecs(const struct schema_event *event)
{
	struct json_object *out = json_object_new_object();

	put_event(out, event);
	put_container(out, event);
	put_process(out, &event->facts);
	put_users(out, &event->facts);
	put_rest(out, &event->facts);
	put_text(out, "message", event->text);
	return out;
}
