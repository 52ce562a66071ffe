// SPDX-License-Identifier: GPL-2.0
/* The Open Cybersecurity Schema Framework. What it has no attribute for is in "unmapped". */
#include <stdlib.h>
#include <string.h>

#include "common_schema.h"
#include "formats.h"

#define OCSF_VERSION "1.2.0"

#define UNKNOWN 0

/* of observables */
enum observable { HOSTNAME = 1, USER_NAME = 4, RESOURCE_UID = 10, PROCESS_ID = 15 };

/* of files */
enum file_type { REGULAR = 1, FOLDER, CHARACTER_DEVICE, BLOCK_DEVICE, SOCKET, PIPE, LINK };

static void put_text(struct json_object *to, const char *name, const char *text)
{
	if (text)
		json_add(to, name, json_object_new_string(text));
}

static void put_number(struct json_object *to, const char *name, long long number)
{
	json_add(to, name, json_object_new_int64(number));
}

static void put_field(struct json_object *to, const char *name, const struct facts *facts,
		      const char *field)
{
	long long number;

	if (facts_number(facts, NULL, field, &number))
		put_number(to, name, number);
}

/* An image has to have an ID there: if nothing else is known its name is one. */
static void put_image(struct json_object *to, const struct label_name *name)
{
	struct json_object *out;

	if (!name->image && !name->digest)
		return;
	out = json_object_new_object();
	put_text(out, "uid", name->digest ?: name->image);
	put_text(out, "name", name->image);
	json_add(to, "image", out);
}

static void put_container(struct json_object *to, const struct schema_container *container)
{
	struct json_object *out;

	if (!container->id.len)
		return;
	out = json_object_new_object();
	json_add(out, "uid", json_object_new_string_len(container->id.at, CONTID_TEXT - 1));
	put_text(out, "name", container->name.name);
	put_image(out, &container->name);
	if (container->name.namespace)
		put_text(out, "orchestrator", "kubernetes");
	json_add(to, "container", out);
}

static struct json_object *user(const struct facts *facts, const char *field)
{
	const struct fact *fact = facts_find(facts, NULL, field);
	struct json_object *out;

	if (!fact)
		return NULL;
	out = json_object_new_object();
	put_text(out, "uid", fact->raw);
	put_text(out, "name", fact_meaning(fact));
	return out;
}

static void put_user(struct json_object *to, const char *name, const struct facts *facts,
		     const char *field)
{
	struct json_object *object = user(facts, field);

	if (object)
		json_add(to, name, object);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int file_type(const char *mode)
{
	static const int types[16] = {
		[001] = PIPE,	      [002] = CHARACTER_DEVICE, [004] = FOLDER,
		[006] = BLOCK_DEVICE, [010] = REGULAR,		[012] = LINK,
		[014] = SOCKET,
	};

	return mode ? types[strtoul(mode, NULL, 8) >> 12 & 15] : UNKNOWN;
}

static struct json_object *file(const char *path, int type)
{
	struct json_object *out = json_object_new_object();

	put_text(out, "name", path ? base_name(path) : "unknown");
	put_text(out, "path", path);
	put_number(out, "type_id", type);
	return out;
}

static struct json_object *path_file(const struct facts *facts, const struct fact *path)
{
	if (!path)
		return file(NULL, UNKNOWN);
	return file(path->value, file_type(schema_of_record(facts, path->record, "mode")));
}

/* What did it: for an execve that is what it was before, of which the parent alone is known. */
static struct json_object *process(const struct schema_event *event)
{
	const struct facts *facts = &event->facts;
	struct json_object *out = json_object_new_object(), *arguments = facts_arguments(facts);
	struct json_object *parent, *session;
	const char *exe = facts_text(facts, NULL, "exe"), *ses = schema_raw(facts, NULL, "ses");
	char *line = arguments ? arguments_line(arguments) : NULL;
	long long ppid;

	put_field(out, "pid", facts, "pid");
	put_text(out, "name", facts_text(facts, NULL, "comm"));
	if (exe)
		json_add(out, "file", file(exe, REGULAR));
	put_text(out, "cmd_line", line);
	put_user(out, "user", facts, "uid");
	put_field(out, "auid", facts, "auid");
	put_field(out, "euid", facts, "euid");
	put_field(out, "egid", facts, "egid");
	if (facts_number(facts, NULL, "ppid", &ppid)) {
		parent = json_object_new_object();
		put_number(parent, "pid", ppid);
		json_add(out, "parent_process", parent);
	}
	if (ses) {
		session = json_object_new_object();
		put_text(session, "uid", ses);
		put_text(session, "terminal", facts_text(facts, NULL, "tty"));
		json_add(out, "session", session);
	}
	put_container(out, &event->subject);
	json_object_put(arguments);
	free(line);
	return out;
}

static struct json_object *parent_of(const struct schema_event *event)
{
	struct json_object *out = json_object_new_object();

	put_field(out, "pid", &event->facts, "ppid");
	put_container(out, &event->subject);
	return out;
}

/* Of a signal or a trace: to whom it was done. */
static struct json_object *target(const struct schema_event *event)
{
	struct json_object *out = json_object_new_object();
	const char *name = facts_text(&event->facts, "OBJ_PID", "ocomm");
	long long pid;

	if (facts_number(&event->facts, "OBJ_PID", "opid", &pid))
		put_number(out, "pid", pid);
	put_text(out, "name", name);
	if (!json_object_object_length(out))
		put_text(out, "name", "unknown");
	put_container(out, &event->object);
	return out;
}

static bool is_launch(const struct schema_event *event)
{
	return event->deed->class == OCSF_PROCESS && event->deed->activity == 1;
}

static void put_actor(struct json_object *out, const struct schema_event *event)
{
	struct json_object *actor = json_object_new_object();

	json_add(actor, "process", is_launch(event) ? parent_of(event) : process(event));
	put_user(actor, "user", &event->facts, "auid");
	json_add(out, "actor", actor);
}

static void put_device(struct json_object *out, const struct schema_event *event, const char *name,
		       bool with_type)
{
	struct json_object *device = json_object_new_object();

	put_text(device, event->node ? "hostname" : "name", event->node ?: "unknown");
	if (with_type)
		put_number(device, "type_id", UNKNOWN);
	put_container(device, &event->subject);
	json_add(out, name, device);
}

static void put_api(struct json_object *out, const struct schema_event *event)
{
	struct json_object *api = json_object_new_object(), *part = json_object_new_object();
	const struct fact *exit = facts_find(&event->facts, "SYSCALL", "exit");
	long long number;

	put_text(api, "operation", event->action);
	put_text(part, "name", "Linux audit");
	json_add(api, "service", part);
	if (exit && fact_number(exit->raw, &number)) {
		part = json_object_new_object();
		put_number(part, "code", number);
		if (number < 0)
			put_text(part, "error", exit->value);
		json_add(api, "response", part);
	}
	json_add(out, "api", api);
	put_device(out, event, "src_endpoint", false);
}

static void put_named(struct json_object *out, const char *name, const char *value)
{
	struct json_object *object = json_object_new_object();

	put_text(object, "name", value);
	json_add(out, name, object);
}

/* The container that begins or ends is the application. */
static void put_app(struct json_object *out, const struct schema_container *container)
{
	put_named(out, "app", container->name.whole ?: "container");
	put_text(json_object_object_get(out, "app"), "vendor_name", "audit_contid");
	if (container->id.len)
		json_add(json_object_object_get(out, "app"), "uid",
			 json_object_new_string_len(container->id.at, CONTID_TEXT - 1));
}

static void put_subject(struct json_object *out, const struct schema_event *event)
{
	const struct facts *facts = &event->facts;
	struct json_object *driver;
	const struct fact *path = schema_path(facts);
	const char *exe = facts_text(facts, NULL, "exe");
	long long code;

	switch (event->deed->class) {
	case OCSF_FILE:
		json_add(out, "file", path_file(facts, path));
		break;
	case OCSF_KERNEL_EXTENSION:
		driver = json_object_new_object();
		json_add(driver, "file", path_file(facts, path));
		json_add(out, "driver", driver);
		break;
	case OCSF_PROCESS:
		if (event->deed->activity <= 2 || event->deed->activity == 5)
			json_add(out, "process", process(event));
		else
			json_add(out, "process", target(event));
		if (schema_exit_code(facts, &code))
			put_number(out, "exit_code", code);
		break;
	case OCSF_AUTHENTICATION:
		json_add(out, "user", user(facts, "auid") ?: user(facts, "uid"));
		exe = exe ?: facts_sent(facts, "exe");
		put_named(out, "service", exe ? base_name(exe) : "unknown");
		break;
	case OCSF_LIFECYCLE:
		put_app(out, &event->object);
		break;
	case OCSF_API:
		put_api(out, event);
	}
}

static void put_observable(struct json_object *to, const char *name, enum observable type,
			   struct json_object *value)
{
	struct json_object *out;

	if (!value)
		return;
	out = json_object_new_object();
	put_text(out, "name", name);
	put_number(out, "type_id", type);
	json_add(out, "value", json_object_new_string(json_object_get_string(value)));
	json_object_array_add(to, out);
}

static struct json_object *at(struct json_object *object, const char *const path[])
{
	for (; object && *path; path++) {
		if (!json_object_object_get_ex(object, *path, &object))
			return NULL;
	}
	return object;
}

static void put_observables(struct json_object *out)
{
	static const struct {
		const char *name;
		enum observable type;
		const char *path[4];
	} from[] = {
		{ "device.hostname", HOSTNAME, { "device", "hostname" } },
		{ "device.container.uid", RESOURCE_UID, { "device", "container", "uid" } },
		{ "process.container.uid", RESOURCE_UID, { "process", "container", "uid" } },
		{ "app.uid", RESOURCE_UID, { "app", "uid" } },
		{ "actor.user.name", USER_NAME, { "actor", "user", "name" } },
		{ "actor.process.pid", PROCESS_ID, { "actor", "process", "pid" } },
		{ "process.pid", PROCESS_ID, { "process", "pid" } },
	};
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < sizeof(from) / sizeof(*from); i++)
		put_observable(list, from[i].name, from[i].type, at(out, from[i].path));
	json_add(out, "observables", list);
}

static void put_metadata(struct json_object *out, const struct schema_event *event)
{
	struct json_object *metadata = json_object_new_object();
	struct json_object *product = json_object_new_object();
	struct json_object *profiles = json_object_new_array();

	put_text(product, "name", "audit_contid");
	put_text(product, "vendor_name", "audit_contid");
	put_text(product, "version", VERSION);
	json_object_array_add(profiles, json_object_new_string("container"));
	json_object_array_add(profiles, json_object_new_string("linux/linux_users"));
	put_text(metadata, "version", OCSF_VERSION);
	json_add(metadata, "product", product);
	json_add(metadata, "profiles", profiles);
	put_text(metadata, "log_name", "audit.log");
	put_text(metadata, "log_provider", "auditd");
	put_text(metadata, "event_code", event->main_type);
	put_number(metadata, "sequence", event->serial);
	json_add(out, "metadata", metadata);
}

static void put_unmapped(struct json_object *out, const struct schema_event *event)
{
	const struct facts *facts = &event->facts;
	struct json_object *rest = json_object_new_object(), *keys = schema_keys(facts);
	const struct label_name *name = event->subject.id.len ? &event->subject.name :
								&event->object.name;

	put_text(rest, "namespace", name->namespace);
	put_text(rest, "pod", name->pod);
	put_text(rest, "cwd", facts_text(facts, "CWD", "cwd"));
	put_text(rest, "proctitle", facts_text(facts, "PROCTITLE", "proctitle"));
	put_text(rest, "syscall", facts_text(facts, "SYSCALL", "syscall"));
	put_text(rest, "arch", facts_text(facts, "SYSCALL", "arch"));
	if (keys)
		json_add(rest, "keys", keys);
	json_add(out, "unmapped", rest);
}

static void put_outcome(struct json_object *out, const struct schema_event *event)
{
	static const struct {
		int id;
		const char *word;
	} outcomes[] = {
		[OUTCOME_NONE] = { UNKNOWN, "Unknown" },
		[OUTCOME_SUCCESS] = { 1, "Success" },
		[OUTCOME_FAILURE] = { 2, "Failure" },
	};

	put_number(out, "status_id", outcomes[event->outcome].id);
	put_text(out, "status", outcomes[event->outcome].word);
}

/**
 * show_ocsf - an event as the Open Cybersecurity Schema Framework has it
 * @event: the event
 *
 * Return: an object.
 */
struct json_object *show_ocsf(const struct schema_event *event)
{
	struct json_object *out = json_object_new_object();
	const struct deed *deed = event->deed;

	put_number(out, "class_uid", deed->class);
	put_number(out, "category_uid", deed->class / 1000);
	put_number(out, "activity_id", deed->activity);
	put_text(out, "activity_name", deed->activity_name);
	put_number(out, "type_uid", deed->class * 100LL + deed->activity);
	/* informational: a record of audit is no finding */
	put_number(out, "severity_id", 1);
	put_number(out, "time", event->milli);
	put_outcome(out, event);
	put_text(out, "message", event->text ?: event->action);
	put_metadata(out, event);
	put_device(out, event, "device", true);
	put_actor(out, event);
	put_subject(out, event);
	put_observables(out);
	put_unmapped(out, event);
	put_text(out, "raw_data", event->original);
	return out;
}
