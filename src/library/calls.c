// SPDX-License-Identifier: GPL-2.0
/* The device: opened, and asked. */
#include <audit-contid.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CHUNK 64
#define KINDS (AUDIT_CONTID_PIDFD | AUDIT_CONTID_PID)

/**
 * contid_open - open the device and ask what the module is
 * @info: out; also if the module's interface is another one; may be NULL
 *
 * Return: a descriptor, which close(2) closes; or -1 with errno: that of open(2); ENOTTY
 * if the device does not know the question; EPROTO if the module has an interface of
 * another version.
 */
int contid_open(struct audit_contid_info *info)
{
	struct audit_contid_info own = {};
	int fd = open(AUDIT_CONTID_DEVICE, O_RDWR | O_CLOEXEC), err;

	if (fd < 0)
		return -1;
	err = ioctl(fd, AUDIT_CONTID_IOC_INFO, &own) ? errno : 0;
	own.module_version[sizeof(own.module_version) - 1] = '\0';
	if (info)
		*info = own;
	if (!err && own.api_version != AUDIT_CONTID_API_VERSION)
		err = EPROTO;
	if (!err)
		return fd;
	close(fd);
	errno = err;
	return -1;
}

/* A pidfd, if nothing else is said. */
static unsigned int with_kind(unsigned int flags)
{
	return flags & KINDS ? flags : flags | AUDIT_CONTID_PIDFD;
}

/**
 * contid_register - make a process the first of a container
 * @fd: the open device
 * @target: a pidfd; or with AUDIT_CONTID_PID a number of this PID namespace
 * @flags: 0, or AUDIT_CONTID_PIDFD, _PID, _JOIN, _TREE, _RESTORE
 * @contid: the container
 * @label: a text for people, at most AUDIT_CONTID_LABEL_MAX bytes; NULL if there is none
 *
 * Return: 0, or -1 with errno.
 */
int contid_register(int fd, int target, unsigned int flags, const struct audit_contid *contid,
		    const char *label)
{
	struct audit_contid_register arg = {
		.flags = with_kind(flags),
		.target = target,
		.contid = *contid,
		.label = (uintptr_t)label,
		.label_len = label ? strlen(label) : 0,
	};

	return ioctl(fd, AUDIT_CONTID_IOC_REGISTER, &arg);
}

/**
 * contid_get - read what a process carries
 * @fd: the open device
 * @target: as for contid_register()
 * @flags: 0, AUDIT_CONTID_PIDFD or _PID
 * @answer: out
 *
 * Return: 0, or -1 with errno.
 */
int contid_get(int fd, int target, unsigned int flags, struct audit_contid_get *answer)
{
	*answer = (struct audit_contid_get){ .flags = with_kind(flags), .target = target };
	return ioctl(fd, AUDIT_CONTID_IOC_GET, answer);
}

/**
 * contid_list - read all containers that live
 * @fd: the open device
 * @take: gets each, in the order of their registrations; false ends the reading
 * @data: for it
 * @changes: out: so often has the set of containers changed when the reading began;
 *	may be NULL
 *
 * Return: 0, also if @take has ended it, or -1 with errno.
 */
int contid_list(int fd, bool (*take)(void *data, const struct audit_contid_container *container),
		void *data, uint64_t *changes)
{
	struct audit_contid_container found[CHUNK];
	struct audit_contid_list list = {};
	bool first = true;

	do {
		list = (struct audit_contid_list){
			.after = list.after,
			.buffer = (uintptr_t)found,
			.count = CHUNK,
		};
		if (ioctl(fd, AUDIT_CONTID_IOC_LIST, &list))
			return -1;
		if (first && changes)
			*changes = list.changes;
		first = false;
		for (uint32_t i = 0; i < list.count; i++) {
			if (!take(data, &found[i]))
				return 0;
		}
	} while (list.more);
	return 0;
}

/**
 * contid_label - read the label of a live container
 * @fd: the open device
 * @contid: the container
 * @label: out: any bytes, and a NUL; nothing before that if it has no label
 *
 * Return: 0, or -1 with errno.
 */
int contid_label(int fd, const struct audit_contid *contid, char label[CONTID_LABEL_TEXT])
{
	struct audit_contid_label answer = { .contid = *contid };

	*label = '\0';
	if (ioctl(fd, AUDIT_CONTID_IOC_LABEL, &answer))
		return -1;
	memcpy(label, answer.label, CONTID_LABEL_TEXT);
	label[CONTID_LABEL_TEXT - 1] = '\0';
	return 0;
}

/**
 * contid_rate - limit the audit records of a live container
 * @fd: the open device
 * @contid: the container
 * @rate: records a second, at most AUDIT_CONTID_RATE_MAX; 0 for no limit
 * @burst: so many may come at once; 0 for those of a second
 *
 * Return: 0, or -1 with errno.
 */
int contid_rate(int fd, const struct audit_contid *contid, uint64_t rate, uint64_t burst)
{
	struct audit_contid_rate arg = { .contid = *contid, .rate = rate, .burst = burst };

	return ioctl(fd, AUDIT_CONTID_IOC_RATE, &arg);
}
