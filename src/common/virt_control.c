// SPDX-License-Identifier: GPL-2.0
/*
 * Stock readers know this record: `ausearch -vm NAME`, `ausearch -uu CONTID` and `aureport
 * --virt` find a container by it. The truth is in the module's own records, which no
 * process can send.
 *
 * Audit may be off, and the kernel holds up a sender while its queue is full: a container
 * starts all the same. So another process sends it, and is not waited for for long.
 */
#define _GNU_SOURCE /* open_memstream, syscall */
#include <fcntl.h>
#include <libaudit.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "contid.h"
#include "descriptors.h"
#include "journal.h"
#include "virt_control.h"

#define PATIENCE_MS 1000

/* what each is called in the record; the label is before the container's ID, as with libvirt */
static const char *const fields[NAMING_PARTS] = {
	[NAMING_LABEL] = NULL,	      [NAMING_ENGINE] = "engine",
	[NAMING_IMAGE] = "image",     [NAMING_DIGEST] = "image-digest",
	[NAMING_POD] = "pod",	      [NAMING_SPACE] = "namespace",
	[NAMING_POD_UID] = "pod-uid", [NAMING_ID] = "runtime-id",
};

/* In quotes, or in hexadecimal digits if it could be taken for something else. */
static void add(FILE *to, const char *field, const char *value)
{
	char *text = value ? audit_encode_nv_string(field, value, 0) : NULL;

	if (text)
		fprintf(to, " %s", text);
	free(text);
}

/* Return: a stream into @text, with what each has; NULL if there is no memory. */
static FILE *begin(char **text, size_t *length, const struct audit_contid *contid,
		   const struct naming *naming, const char *op, const char *reason)
{
	FILE *to = open_memstream(text, length);
	char id[CONTID_TEXT];

	if (!to)
		return NULL;
	contid_format(contid, id);
	fprintf(to, "virt=container op=%s reason=%s", op, reason);
	add(to, "vm", naming->part[NAMING_LABEL]);
	fprintf(to, " uuid=%s", id);
	return to;
}

static void add_naming(FILE *to, const struct naming *naming)
{
	for (int i = 0; i < NAMING_PARTS; i++) {
		if (fields[i])
			add(to, fields[i], naming->part[i]);
	}
}

/* Return: to be freed; NULL if there is no memory. */
static char *end(FILE *to, char **text)
{
	if (!fclose(to))
		return *text;
	free(*text);
	return NULL;
}

/* Return: to be freed; NULL if there is no memory. */
static char *format(const struct audit_contid *contid, pid_t pid, const struct naming *naming,
		    const char *op, const char *reason)
{
	char *text = NULL;
	size_t length;
	FILE *to = begin(&text, &length, contid, naming, op, reason);

	if (!to)
		return NULL;
	if (pid)
		fprintf(to, " vm-pid=%d", pid);
	add_naming(to, naming);
	return end(to, &text);
}

/* Return: was it sent? */
static bool tell(const char *text, bool success)
{
	int fd = audit_open();
	bool sent;

	if (fd < 0)
		return false;
	sent = audit_log_user_message(fd, AUDIT_VIRT_CONTROL, text, NULL, NULL, NULL, success) > 0;
	audit_close(fd);
	return sent;
}

/* @done stays open to its end; nothing else: a runtime may wait for the end of its pipes. */
static void send_it(const char *text, int done)
{
	int fd;

	if (dup2(done, STDERR_FILENO + 1) < 0)
		_exit(1);
	for (fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	descriptors_close(STDERR_FILENO + 2, ~0U);
	_exit(tell(text, true) ? 0 : 1);
}

/*
 * The last sender, if it has not come back: it holds up one container, and no other.
 * Return: is it still on its way?
 */
static bool is_stuck(const pid_t *sender)
{
	return *sender && !waitpid(*sender, NULL, WNOHANG);
}

static void hand_over(const char *text)
{
	static pid_t stuck;
	struct pollfd end;
	int done[2];
	pid_t child;

	if (is_stuck(&stuck))
		return;
	stuck = 0;
	if (pipe2(done, O_CLOEXEC))
		return;
	child = fork();
	if (!child)
		send_it(text, done[1]);
	close(done[1]);
	end = (struct pollfd){ .fd = done[0] };
	if (child > 0 && poll(&end, 1, PATIENCE_MS) > 0)
		waitpid(child, NULL, 0);
	else if (child > 0)
		stuck = child;
	if (stuck)
		journal(LOG_WARNING,
			"audit does not take a message: until it does, no VIRT_CONTROL "
			"record is sent; the module's own records are there");
	close(done[0]);
}

static void report(const struct audit_contid *contid, pid_t pid, const struct naming *naming,
		   const char *op, const char *reason)
{
	char *text = format(contid, pid, naming, op, reason);

	if (text)
		hand_over(text);
	free(text);
}

/**
 * virt_control_start - have audit record that a container was registered
 * @contid: its ID
 * @pid: its first process
 * @naming: what is known of it; the rest is left out
 * @reason: a word
 *
 * If audit takes no message nothing is said: the module's record is there.
 */
void virt_control_start(const struct audit_contid *contid, pid_t pid, const struct naming *naming,
			const char *reason)
{
	report(contid, pid, naming, "start", reason);
}

/**
 * virt_control_stop - have audit record that an engine has stopped a container
 * @contid: its ID
 * @naming: what is known of it
 */
void virt_control_stop(const struct audit_contid *contid, const struct naming *naming)
{
	report(contid, 0, naming, "stop", "stopped");
}

/* The command and the user are of anybody's choice; what names the container is before them. */
static char *format_exec(const struct audit_contid *contid, const struct naming *naming,
			 const struct virt_exec *exec)
{
	char *text = NULL, *command;
	size_t length;
	FILE *to = begin(&text, &length, contid, naming, "exec", "requested");

	if (!to)
		return NULL;
	if (exec->pid)
		fprintf(to, " vm-pid=%d", exec->pid);
	fprintf(to, " runtime-pid=%d pty=%s", exec->runtime, exec->terminal ? "yes" : "no");
	if (exec->command) {
		command = strndup(exec->command, VIRT_COMMAND_MAX);
		add(to, "cmd", command);
		if (strlen(exec->command) > VIRT_COMMAND_MAX)
			fprintf(to, " cmd-length=%zu", strlen(exec->command));
		free(command);
	}
	add(to, "request-user", exec->user);
	add_naming(to, naming);
	return end(to, &text);
}

/**
 * virt_control_exec - have audit record that something is executed in a container
 * @contid: its ID
 * @naming: what is known of it
 * @exec: what is executed
 *
 * Context: this may take as long as audit likes: of a process that nobody waits for
 */
void virt_control_exec(const struct audit_contid *contid, const struct naming *naming,
		       const struct virt_exec *exec)
{
	char *text = format_exec(contid, naming, exec);

	if (text)
		tell(text, !exec->failed);
	free(text);
}
