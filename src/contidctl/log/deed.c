// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "deed.h"

enum kind {
	OTHER,
	LAUNCH,
	EXIT,
	TRACE,
	SIGNAL,
	SET_USER,
	FILE_OPEN, /* one of the next three, by its flags */
	FILE_CREATE,
	FILE_READ,
	FILE_UPDATE,
	FILE_DELETE,
	FILE_RENAME,
	FILE_ATTRIBUTES,
	FILE_SECURITY,
	MOUNT,
	UNMOUNT,
	MODULE_LOAD,
	MODULE_UNLOAD,
	LOGON,
	LOGOFF,
	AUTHENTICATION,
	CONTAINER_BEGIN,
	CONTAINER_END,
	CONFIGURATION,
};

static const struct deed deeds[] = {
	[OTHER] = { "process", "info", OCSF_API, OCSF_OTHER, "Other" },
	[LAUNCH] = { "process", "start", OCSF_PROCESS, 1, "Launch" },
	[EXIT] = { "process", "end", OCSF_PROCESS, 2, "Terminate" },
	[TRACE] = { "process", "access", OCSF_PROCESS, 3, "Open" },
	[SIGNAL] = { "process", "change", OCSF_PROCESS, OCSF_OTHER, "Other" },
	[SET_USER] = { "process", "change", OCSF_PROCESS, 5, "Set User ID" },
	[FILE_CREATE] = { "file", "creation", OCSF_FILE, 1, "Create" },
	[FILE_READ] = { "file", "access", OCSF_FILE, 2, "Read" },
	[FILE_UPDATE] = { "file", "change", OCSF_FILE, 3, "Update" },
	[FILE_DELETE] = { "file", "deletion", OCSF_FILE, 4, "Delete" },
	[FILE_RENAME] = { "file", "change", OCSF_FILE, 5, "Rename" },
	[FILE_ATTRIBUTES] = { "file", "change", OCSF_FILE, 6, "Set Attributes" },
	[FILE_SECURITY] = { "file", "change", OCSF_FILE, 7, "Set Security" },
	[MOUNT] = { "file", "info", OCSF_FILE, 12, "Mount" },
	[UNMOUNT] = { "file", "info", OCSF_FILE, 13, "Unmount" },
	[MODULE_LOAD] = { "driver", "start", OCSF_KERNEL_EXTENSION, 1, "Load" },
	[MODULE_UNLOAD] = { "driver", "end", OCSF_KERNEL_EXTENSION, 2, "Unload" },
	[LOGON] = { "authentication", "start", OCSF_AUTHENTICATION, 1, "Logon" },
	[LOGOFF] = { "authentication", "end", OCSF_AUTHENTICATION, 2, "Logoff" },
	[AUTHENTICATION] = { "authentication", "info", OCSF_AUTHENTICATION, OCSF_OTHER, "Other" },
	[CONTAINER_BEGIN] = { "process", "start", OCSF_LIFECYCLE, 3, "Start" },
	[CONTAINER_END] = { "process", "end", OCSF_LIFECYCLE, 4, "Stop" },
	[CONFIGURATION] = { "configuration", "change", OCSF_API, 3, "Update" },
};

/**
 * struct term - a name, and what it means
 * @name: of a system call, a type of record or an operation
 * @kind: what is done
 */
struct term {
	const char *name;
	enum kind kind;
};

static const struct term syscalls[] = {
	{ "execve", LAUNCH },
	{ "execveat", LAUNCH },
	{ "exit_group", EXIT },
	{ "exit", EXIT },
	{ "ptrace", TRACE },
	{ "process_vm_readv", TRACE },
	{ "process_vm_writev", TRACE },
	{ "kill", SIGNAL },
	{ "tkill", SIGNAL },
	{ "tgkill", SIGNAL },
	{ "pidfd_send_signal", SIGNAL },
	{ "setuid", SET_USER },
	{ "setreuid", SET_USER },
	{ "setresuid", SET_USER },
	{ "setfsuid", SET_USER },
	{ "open", FILE_OPEN },
	{ "openat", FILE_OPEN },
	{ "openat2", FILE_OPEN },
	{ "creat", FILE_CREATE },
	{ "mkdir", FILE_CREATE },
	{ "mkdirat", FILE_CREATE },
	{ "mknod", FILE_CREATE },
	{ "mknodat", FILE_CREATE },
	{ "link", FILE_CREATE },
	{ "linkat", FILE_CREATE },
	{ "symlink", FILE_CREATE },
	{ "symlinkat", FILE_CREATE },
	{ "truncate", FILE_UPDATE },
	{ "ftruncate", FILE_UPDATE },
	{ "unlink", FILE_DELETE },
	{ "unlinkat", FILE_DELETE },
	{ "rmdir", FILE_DELETE },
	{ "rename", FILE_RENAME },
	{ "renameat", FILE_RENAME },
	{ "renameat2", FILE_RENAME },
	{ "chmod", FILE_ATTRIBUTES },
	{ "fchmod", FILE_ATTRIBUTES },
	{ "fchmodat", FILE_ATTRIBUTES },
	{ "fchmodat2", FILE_ATTRIBUTES },
	{ "chown", FILE_ATTRIBUTES },
	{ "fchown", FILE_ATTRIBUTES },
	{ "lchown", FILE_ATTRIBUTES },
	{ "fchownat", FILE_ATTRIBUTES },
	{ "utimensat", FILE_ATTRIBUTES },
	{ "setxattr", FILE_SECURITY },
	{ "lsetxattr", FILE_SECURITY },
	{ "fsetxattr", FILE_SECURITY },
	{ "removexattr", FILE_SECURITY },
	{ "lremovexattr", FILE_SECURITY },
	{ "fremovexattr", FILE_SECURITY },
	{ "mount", MOUNT },
	{ "move_mount", MOUNT },
	{ "umount", UNMOUNT },
	{ "umount2", UNMOUNT },
	{ "init_module", MODULE_LOAD },
	{ "finit_module", MODULE_LOAD },
	{ "delete_module", MODULE_UNLOAD },
	{},
};

static const struct term types[] = {
	{ "ANOM_ABEND", EXIT },
	{ "USER_LOGIN", LOGON },
	{ "USER_START", LOGON },
	{ "USER_END", LOGOFF },
	{ "USER_LOGOUT", LOGOFF },
	{ "LOGIN", AUTHENTICATION },
	{ "USER_AUTH", AUTHENTICATION },
	{ "USER_ACCT", AUTHENTICATION },
	{ "USER_ERR", AUTHENTICATION },
	{ "CRED_ACQ", AUTHENTICATION },
	{ "CRED_REFR", AUTHENTICATION },
	{ "CRED_DISP", AUTHENTICATION },
	{ "CONFIG_CHANGE", CONFIGURATION },
	{ "NETFILTER_CFG", CONFIGURATION },
	{},
};

static const struct term operations[] = {
	{ "register", CONTAINER_BEGIN },
	{ "drop", CONTAINER_END },
	{ "release", CONTAINER_END },
	{},
};

static enum kind find(const struct term *words, const char *name)
{
	for (; name && words->name; words++) {
		if (!strcmp(words->name, name))
			return words->kind;
	}
	return OTHER;
}

static bool is_created(const struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (!strcmp(fact->type, "PATH") && !strcmp(fact->name, "nametype") &&
		    !strcmp(fact->value, "CREATE"))
			return true;
	}
	return false;
}

/* open has its flags in the second argument, openat in the third, and openat2 in memory. */
static enum kind opening(const struct facts *facts, const char *syscall)
{
	const struct fact *flags =
		facts_find(facts, "SYSCALL", strcmp(syscall, "open") ? "a2" : "a1");

	if (is_created(facts))
		return FILE_CREATE;
	if (flags && strcmp(syscall, "openat2") &&
	    (strtoull(flags->raw, NULL, 16) & O_ACCMODE) != O_RDONLY)
		return FILE_UPDATE;
	return FILE_READ;
}

/**
 * deed_of - what an event is about
 * @facts: the event
 * @main_type: the type of the record that says most of it
 */
const struct deed *deed_of(const struct facts *facts, const char *main_type)
{
	const char *syscall = facts_text(facts, "SYSCALL", "syscall");
	enum kind kind = find(types, main_type);

	if (!strcmp(main_type, "KERNEL_OTHER"))
		kind = find(operations, facts_text(facts, "KERNEL_OTHER", "op"));
	else if (kind == OTHER && !strcmp(main_type, "SYSCALL"))
		kind = find(syscalls, syscall);
	if (kind == FILE_OPEN)
		kind = opening(facts, syscall);
	return &deeds[kind];
}

/**
 * deed_action - the word for it that the log has
 * @facts: the event
 * @main_type: see deed_of()
 */
const char *deed_action(const struct facts *facts, const char *main_type)
{
	const char *word = NULL;

	if (!strcmp(main_type, "KERNEL_OTHER"))
		word = facts_text(facts, "KERNEL_OTHER", "op");
	else if (!strcmp(main_type, "SYSCALL"))
		word = facts_text(facts, "SYSCALL", "syscall");
	return word ?: main_type;
}
