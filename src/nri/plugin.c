// SPDX-License-Identifier: GPL-2.0
/*
 * The runtime configures a plugin, tells it of all that runs, and then asks it about each
 * event that it has subscribed to. We ask for two, and change nothing: a cluster may forbid
 * plugins that do.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "escape.h"
#include "journal.h"
#include "plugin.h"

#define NAME  "audit-contid"
#define INDEX "99" /* behind those that change a container */

enum { RUN_POD_SANDBOX = 1, START_CONTAINER = 6 }; /* NRI's events */
enum { OK, INVALID = 3, UNIMPLEMENTED = 12, REFUSES = 13 }; /* gRPC's statuses */

static const char refusal[] = "audit_contid: it could not be registered: see the journal";

/**
 * struct session - from the registration of the plugin to the end of the link
 * @link: the link
 * @registrar: registers what is described
 * @pods: those that Synchronize has told of, which may come in several messages
 * @accepted: the runtime has taken the plugin
 */
struct session {
	struct link *link;
	struct registrar *registrar;
	struct buffer pods;
	bool accepted;
};

static const struct buffer nothing;

static const char *configure(struct session *session, const struct call *call)
{
	struct bytes left = call->payload;
	struct buffer response = {};
	const char *wrong;
	struct field field;

	while (wire_next(&left, &field)) {
		if (field.number != 2)
			continue;
		free(session->registrar->engine);
		session->registrar->engine = bytes_text(field.bytes);
	}
	if (!wire_is_whole(&left))
		return link_refuse(session->link, call->stream, INVALID, "it is broken");
	wire_put_number(&response, 2, 1 << (RUN_POD_SANDBOX - 1) | 1 << (START_CONTAINER - 1));
	wrong = link_answer(session->link, call->stream, &response);
	free(response.at);
	return wrong;
}

/* Return: false if a container is in no pod that is known. */
static bool find_pod(const struct session *session, struct bytes id, struct pod *pod)
{
	struct bytes left = { session->pods.at, session->pods.length };
	struct field field;

	while (wire_next(&left, &field)) {
		if (described_pod(pod, field.bytes) && pod->id.length == id.length && id.length &&
		    !memcmp(pod->id.at, id.at, id.length))
			return true;
	}
	*pod = (struct pod){};
	return false;
}

static bool synchronize_one(struct session *session, const struct field *field)
{
	struct container container;
	struct pod pod;

	if (field->number == 1) {
		if (!described_pod(&pod, field->bytes))
			return false;
		wire_put_bytes(&session->pods, 1, field->bytes.at, field->bytes.length);
		if (pod.pid)
			registrar_find(session->registrar, &pod, NULL);
	} else if (field->number == 2) {
		if (!described_container(&container, field->bytes))
			return false;
		find_pod(session, container.pod, &pod);
		if (container.runs && container.pid)
			registrar_find(session->registrar, &pod, &container);
	}
	return true;
}

/* What is more than a message comes in several: then the answer says that it is understood. */
static const char *synchronize(struct session *session, const struct call *call)
{
	struct bytes left = call->payload;
	struct buffer response = {};
	bool more = false, ok = true;
	const char *wrong;
	struct field field;

	while (ok && wire_next(&left, &field)) {
		if (field.number == 3)
			more = field.value;
		else
			ok = synchronize_one(session, &field);
	}
	if (!ok || !wire_is_whole(&left))
		return link_refuse(session->link, call->stream, INVALID, "it is broken");
	if (more) {
		wire_put_number(&response, 2, 1);
	} else {
		free(session->pods.at);
		session->pods = (struct buffer){};
	}
	wrong = link_answer(session->link, call->stream, &response);
	free(response.at);
	return wrong;
}

/* A pod's sandbox or a container is about to start. */
static const char *start(struct session *session, const struct call *call, unsigned int event,
			 struct bytes of_pod, struct bytes of_container)
{
	struct container container, *started;
	struct pod pod;
	bool may = true;

	if (!described_pod(&pod, of_pod) || !described_container(&container, of_container))
		return link_refuse(session->link, call->stream, INVALID, "it is broken");
	if (event != START_CONTAINER && (event != RUN_POD_SANDBOX || !pod.pid))
		return link_answer(session->link, call->stream, &nothing);
	started = event == START_CONTAINER ? &container : NULL;
	/* it waits two seconds: later its number may be another process's */
	if (link_is_over(session->link))
		registrar_find(session->registrar, &pod, started);
	else
		may = registrar_start(session->registrar, &pod, started);
	if (!may)
		return link_refuse(session->link, call->stream, REFUSES, refusal);
	return link_answer(session->link, call->stream, &nothing);
}

/* @first: the number of the field that has the pod; behind it is the container's */
static const char *take_event(struct session *session, const struct call *call, unsigned int event,
			      unsigned int first)
{
	struct bytes left = call->payload, pod = {}, container = {};
	struct field field;

	while (wire_next(&left, &field)) {
		if (field.number == first)
			pod = field.bytes;
		else if (field.number == first + 1)
			container = field.bytes;
		else if (field.number == 1)
			event = field.value;
	}
	if (!wire_is_whole(&left))
		return link_refuse(session->link, call->stream, INVALID, "it is broken");
	return start(session, call, event, pod, container);
}

static const char *take_request(struct session *session, const struct call *call)
{
	if (bytes_are(call->method, "Configure"))
		return configure(session, call);
	if (bytes_are(call->method, "Synchronize"))
		return synchronize(session, call);
	/* older runtimes send all events by one method, newer ones by one for each */
	if (bytes_are(call->method, "StateChange"))
		return take_event(session, call, 0, 2);
	if (bytes_are(call->method, "StartContainer"))
		return take_event(session, call, START_CONTAINER, 1);
	if (bytes_are(call->method, "RunPodSandbox"))
		return take_event(session, call, RUN_POD_SANDBOX, 1);
	if (bytes_are(call->method, "Shutdown"))
		return link_answer(session->link, call->stream, &nothing);
	return link_refuse(session->link, call->stream, UNIMPLEMENTED, "there is no such method");
}

static const char *take_response(struct session *session, const struct call *call)
{
	char text[160], *why;

	if (session->accepted)
		return "it has answered what nobody has asked";
	if (call->status != OK) {
		why = bytes_text(call->text);
		escape(why ?: "", text, sizeof(text));
		free(why);
		journal(LOG_ERR, "the runtime does not take this plugin: %s", text);
		return "it does not take this plugin";
	}
	session->accepted = true;
	return NULL;
}

static const char *serve(struct session *session)
{
	struct buffer request = {};
	const char *wrong;

	wire_put_bytes(&request, 1, NAME, strlen(NAME));
	wire_put_bytes(&request, 2, INDEX, strlen(INDEX));
	wrong = link_ask(session->link, "nri.pkg.api.v1alpha1.Runtime", "RegisterPlugin", &request);
	free(request.at);
	while (!wrong) {
		wrong = link_read(session->link);
		if (!wrong)
			wrong = session->link->call.mine ?
					take_response(session, &session->link->call) :
					take_request(session, &session->link->call);
	}
	return wrong;
}

/**
 * plugin_run - serve a runtime until it hangs up
 * @link: open
 * @registrar: registers what it describes
 *
 * Return: why it ended.
 */
const char *plugin_run(struct link *link, struct registrar *registrar)
{
	struct session session = { .link = link, .registrar = registrar };
	const char *wrong = serve(&session);

	free(session.pods.at);
	return wrong;
}
