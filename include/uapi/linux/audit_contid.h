/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * audit_contid: the interface of /dev/audit_contid
 *
 * An orchestrator gives a process a 128-bit container identifier (contid);
 * its children inherit it and every audit event that they cause carries it.
 *
 * Every ioctl takes CAP_AUDIT_CONTROL in the initial user namespace, at open
 * and again at each call: to set a contid is to steer the audit trail, and to
 * read one must be for the audit trail, too.
 *
 * Each structure has fixed-width fields, no implicit padding and room that is
 * reserved: what is reserved or unused must be zero on the way in, and is zero
 * on the way out. A 32-bit caller passes the same bytes as a 64-bit one.
 *
 * An error leaves everything as it was. Each failed call leaves an audit
 * record with res=0; so does each successful AUDIT_CONTID_IOC_REGISTER and
 * AUDIT_CONTID_IOC_RATE, with res=1, and AUDIT_CONTID_IOC_RELEASE one for each
 * container.
 */
#ifndef _UAPI_LINUX_AUDIT_CONTID_H
#define _UAPI_LINUX_AUDIT_CONTID_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Raised when a structure, a flag or an error below changes its meaning.
 * Something that is only added gets a feature bit instead.
 */
#define AUDIT_CONTID_API_VERSION 1

#define AUDIT_CONTID_DEVICE "/dev/audit_contid"

/* Deepest nesting that fits in an audit record, and so the end of max_depth. */
#define AUDIT_CONTID_DEPTH_MAX 5

/* Largest limit of records a second, and largest burst */
#define AUDIT_CONTID_RATE_MAX 1000000

/* Bytes of the longest label that a container may have */
#define AUDIT_CONTID_LABEL_MAX 255

/**
 * struct audit_contid - a container identifier
 * @b: its bytes as they are printed, most significant first
 *
 * All zeros and all ones are not identifiers.
 */
struct audit_contid {
	__u8 b[16];
};

/* Features, as bits of audit_contid_info.features */
#define AUDIT_CONTID_FEATURE_JOIN  (1ULL << 0)
#define AUDIT_CONTID_FEATURE_TREE  (1ULL << 1)
#define AUDIT_CONTID_FEATURE_PIDFD (1ULL << 2) /* pidfds can be read here */
/* AUDIT_CONTID_IOC_RELEASE, AUDIT_CONTID_RESTORE, audit_contid_list.changes */
#define AUDIT_CONTID_FEATURE_RELEASE (1ULL << 3)
/* audit_contid_register.label, AUDIT_CONTID_IOC_LABEL */
#define AUDIT_CONTID_FEATURE_LABEL (1ULL << 4)
/* AUDIT_CONTID_IOC_RATE, audit_contid_container.rate and what follows it */
#define AUDIT_CONTID_FEATURE_RATE (1ULL << 5)
/* netcontid= in records of packets, audit_contid_probe.flags */
#define AUDIT_CONTID_FEATURE_NETCONTID (1ULL << 6)

/**
 * struct audit_contid_info - what this module is and can do
 * @api_version: AUDIT_CONTID_API_VERSION of the module
 * @max_depth: containers may be nested this deep
 * @features: AUDIT_CONTID_FEATURE_*
 * @max_containers: so many may live at a time
 * @hooks_on: 1 while the probes fire, 0 if they were switched off
 * @module_version: the module's version, NUL-terminated
 * @reserved: zero
 */
struct audit_contid_info {
	__u32 api_version;
	__u32 max_depth;
	__u64 features;
	__u32 max_containers;
	__u32 hooks_on;
	char module_version[32];
	__u64 reserved[8];
};

/*
 * How a target is named: exactly one of the two goes into @flags.
 *
 * PIDFD: @target is a pidfd (race-free, preferred); that of a thread names
 *	the thread's process.
 * PID: @target is a pid in the caller's PID namespace.
 */
#define AUDIT_CONTID_PIDFD (1U << 0)
#define AUDIT_CONTID_PID   (1U << 1)

/*
 * JOIN: move the target into a container that lives already.
 * TREE: register the target and all its descendants that carry what it carries.
 * RESTORE: the target counts as one that has inherited, not as one that was
 *	registered: it can be registered once more, deeper. For a program that puts
 *	released labels back.
 */
#define AUDIT_CONTID_JOIN    (1U << 2)
#define AUDIT_CONTID_TREE    (1U << 3)
#define AUDIT_CONTID_RESTORE (1U << 4)

/**
 * struct audit_contid_register - register a process as a container's first
 * @flags: AUDIT_CONTID_PIDFD or _PID, and any of _JOIN, _TREE and _RESTORE
 * @target: the process, as @flags says
 * @contid: the identifier
 * @label: address of the container's label, a text for people; 0 if it has none
 * @label_len: bytes of that, at most AUDIT_CONTID_LABEL_MAX; 0 if there is none
 * @reserved0: zero
 * @reserved: zero
 *
 * A label may have any bytes but NUL, and need not be unique: nobody is looked up by
 * it. The records of the registration and of the container's end have it, escaped.
 */
struct audit_contid_register {
	__u32 flags;
	__s32 target;
	struct audit_contid contid;
	__u64 label;
	__u32 label_len;
	__u32 reserved0;
	__u64 reserved[3];
};

/* How a process came to what it carries, as audit_contid_get.origin */
#define AUDIT_CONTID_ORIGIN_NONE       0 /* carries nothing */
#define AUDIT_CONTID_ORIGIN_REGISTERED 1
#define AUDIT_CONTID_ORIGIN_INHERITED  2
#define AUDIT_CONTID_ORIGIN_ADOPTED    3

/**
 * struct audit_contid_get - read what a process carries
 * @flags: in: AUDIT_CONTID_PIDFD or _PID
 * @target: in: the process
 * @depth: out: how many of @contid are set; 0 if it carries nothing
 * @origin: out: AUDIT_CONTID_ORIGIN_*
 * @contid: out: nearest first, each followed by the one that encloses it
 * @reserved: zero
 */
struct audit_contid_get {
	__u32 flags;
	__s32 target;
	__u32 depth;
	__u32 origin;
	struct audit_contid contid[AUDIT_CONTID_DEPTH_MAX];
	__u64 reserved[4];
};

/* Namespaces of audit_contid_container.ns, by their place */
#define AUDIT_CONTID_NS_MNT    0
#define AUDIT_CONTID_NS_PID    1
#define AUDIT_CONTID_NS_NET    2
#define AUDIT_CONTID_NS_USER   3
#define AUDIT_CONTID_NS_UTS    4
#define AUDIT_CONTID_NS_IPC    5
#define AUDIT_CONTID_NS_CGROUP 6
#define AUDIT_CONTID_NS_TIME   7
#define AUDIT_CONTID_NS_COUNT  8

/**
 * struct audit_contid_container - one live container
 * @serial: grows with each container, never used twice
 * @contid: its identifier
 * @parent: that of the container it is nested in, zeros if there is none
 * @depth: 1 for one that is not nested
 * @first_pid: its first process, as a pid of the initial PID namespace
 * @processes: live processes that carry it, those of nested containers aside
 * @created_ns: when it was registered, nanoseconds of CLOCK_BOOTTIME
 * @asked: audit records that its processes caused and no exclude rule kept out
 * @written: those that were handed on; the others were lost
 * @unplaced: those among its records that do not have the field for want of room, whether
 *	they were handed on or not
 * @ns_dev_major: device of the namespaces' file system
 * @ns_dev_minor: likewise; both zero if it is not known
 * @ns: inode numbers of the first process's namespaces at registration,
 *	AUDIT_CONTID_NS_*; 0 for one that is not known
 * @cut: likewise, those whose own text lost its end for the field
 * @rate: its limit of records a second, 0 if it has none
 * @burst: so many of these may come at once
 * @held_ns: for how long its threads had to wait for a limit, all together, nanoseconds;
 *	whether that is its own or of one that encloses it
 * @held: how often one had to
 * @reserved: zero
 */
struct audit_contid_container {
	__u64 serial;
	struct audit_contid contid;
	struct audit_contid parent;
	__u32 depth;
	__s32 first_pid;
	__u64 processes;
	__u64 created_ns;
	__u64 asked;
	__u64 written;
	__u64 unplaced;
	__u32 ns_dev_major;
	__u32 ns_dev_minor;
	__u32 ns[AUDIT_CONTID_NS_COUNT];
	__u64 cut;
	__u32 rate;
	__u32 burst;
	__u64 held_ns;
	__u64 held;
	__u64 reserved[4];
};

/**
 * struct audit_contid_list - the live containers, in order of their serials
 * @after: in: only those with a larger serial; 0 to begin; out: the same for
 *	the next call, which goes on where this one ended
 * @buffer: in: address of an array of struct audit_contid_container
 * @count: in: how many fit in there; out: how many were filled in
 * @more: out: 1 if at least one more has a larger serial than the last
 * @live: out: how many live at the moment
 * @changes: out: grows with each registration, joining, entering and leaving; read
 *	before the containers are
 * @reserved: zero
 *
 * A caller asks again, with @after as it was returned, until @more is 0: any
 * number of containers can be listed. A container that lives from the first call to
 * the last is in the answer exactly once. A caller that is itself in a container
 * gets those nested in its own, and its own.
 */
struct audit_contid_list {
	__u64 after;
	__u64 buffer;
	__u32 count;
	__u32 more;
	__u64 live;
	__u64 changes;
	__u64 reserved[3];
};

/**
 * struct audit_contid_label - read the label of a live container
 * @contid: in: its identifier
 * @label_len: out: bytes of @label; 0 if it was registered without
 * @reserved0: zero
 * @reserved: zero
 * @label: out: the label, with zeros behind it
 */
struct audit_contid_label {
	struct audit_contid contid;
	__u32 label_len;
	__u32 reserved0;
	__u64 reserved[5];
	char label[AUDIT_CONTID_LABEL_MAX + 1];
};

/**
 * struct audit_contid_rate - limit the audit records of a live container
 * @contid: its identifier
 * @rate: records a second, at most AUDIT_CONTID_RATE_MAX; 0 for no limit
 * @burst: so many may come at once, at most AUDIT_CONTID_RATE_MAX; 0 for those of a second
 * @flags: zero
 * @reserved0: zero
 * @reserved: zero
 *
 * No record is kept out. A thread of the container, or of one nested in it, that causes one
 * too many waits on its way to userspace until it is paid for. All threads that wait for
 * the limit that was there before go on.
 */
struct audit_contid_rate {
	struct audit_contid contid;
	__u64 rate;
	__u64 burst;
	__u32 flags;
	__u32 reserved0;
	__u64 reserved[3];
};

/**
 * struct audit_contid_release - let all containers go
 * @changes: as audit_contid_list.changes was before the caller read what there is
 * @reserved: zero
 */
struct audit_contid_release {
	__u64 changes;
	__u64 reserved[7];
};

/*
 * Of a probe, as audit_contid_probe.flags. OPTIONAL: it sits on a function of a module that
 * may be loaded at any time, or never. ABSENT: that is not there, nor is the probe attached.
 * FAILED: the function is there, and the probe could not be attached.
 */
#define AUDIT_CONTID_PROBE_OPTIONAL (1U << 0)
#define AUDIT_CONTID_PROBE_ABSENT   (1U << 1)
#define AUDIT_CONTID_PROBE_FAILED   (1U << 2)

/**
 * struct audit_contid_probe - one probe
 * @symbol: the kernel symbol it sits on, NUL-terminated
 * @purpose: what it is for, one word
 * @hits: how often it fired since the module was loaded
 * @nmissed: how often it was passed over because another probe's handler ran
 * @proven: 1 if the self-test or later work showed that it does its part
 * @flags: AUDIT_CONTID_PROBE_*
 * @reserved: zero
 */
struct audit_contid_probe {
	char symbol[64];
	char purpose[16];
	__u64 hits;
	__u64 nmissed;
	__u32 proven;
	__u32 flags;
	__u64 reserved[2];
};

/**
 * struct audit_contid_stats - statistics of the whole module
 * @buffer: in: address of an array of struct audit_contid_probe, or 0
 * @count: in: how many fit in there; out: how many probes there are
 * @hooks_on: out: 0 if the probes were switched off
 * @processes: out: live processes that carry a contid
 * @containers: out: live containers
 * @registered: out: successful registrations and joins
 * @refused: out: registrations that were refused
 * @inherited: out: labels that were inherited
 * @inherit_failed: out: processes that were killed for want of memory: children, and those
 *	that were about to enter a container
 * @stale: out: labels found without their process, and dropped
 * @unplaced: out: records that do not have the field for want of room
 * @bytes_per_process: out: kernel memory for each process, in bytes
 * @bytes_fixed: out: size of the hash table, in bytes
 * @hooks_off_seen: out: how often the probes were found switched off
 * @cut: out: records whose own text lost its end for the field
 * @bytes_labels: out: kernel memory for the labels of live containers, in bytes
 * @unlabelled: out: PID namespaces whose process 1 has executed a program and carried
 *	nothing
 * @unlabelled_passed: out: those among them that have no record, as there were too many
 * @unheld: out: how often a thread did not wait for a limit of records for want of memory
 * @signals_passed: out: signals of containers to auditd that have no record, as there were
 *	too many
 * @reserved: zero
 *
 * The counters never go back while the module is loaded.
 */
struct audit_contid_stats {
	__u64 buffer;
	__u32 count;
	__u32 hooks_on;
	__u64 processes;
	__u64 containers;
	__u64 registered;
	__u64 refused;
	__u64 inherited;
	__u64 inherit_failed;
	__u64 stale;
	__u64 unplaced;
	__u64 bytes_per_process;
	__u64 bytes_fixed;
	__u64 hooks_off_seen;
	__u64 cut;
	__u64 bytes_labels;
	__u64 unlabelled;
	__u64 unlabelled_passed;
	__u64 unheld;
	__u64 signals_passed;
	__u64 reserved[2];
};

#define AUDIT_CONTID_IOC_MAGIC 0xBE

/*
 * Errors of every ioctl:
 *   EPERM	no CAP_AUDIT_CONTROL in the initial user namespace
 *   EFAULT	the argument, or the buffer it names, cannot be read or written
 *   ENOTTY	no such ioctl, or one of another size
 */

/* No further errors. */
#define AUDIT_CONTID_IOC_INFO _IOR(AUDIT_CONTID_IOC_MAGIC, 0, struct audit_contid_info)

/*
 * Errors, in the order in which they are checked:
 *   EPERM	as above
 *   EFAULT	as above
 *   EINVAL	an unknown flag, a reserved field that is not zero, a contid of
 *		all zeros or all ones, not exactly one of _PIDFD and _PID, one of
 *		@label and @label_len without the other, or both with JOIN
 *   E2BIG	@label_len is larger than AUDIT_CONTID_LABEL_MAX
 *   EFAULT	the label cannot be read
 *   EINVAL	a NUL byte in the label
 *   EBADF	@target is not an open file descriptor, or no pidfd
 *   EOPNOTSUPP	this kernel's pidfds cannot be read: name the target by pid
 *   ESRCH	no such process in the caller's PID namespace, or it is dead, or
 *		not yet born
 *   EINVAL	the target is a kernel thread
 *   EINTR	TREE, and a fatal signal came while it waited for another TREE
 *   ENOMEM	TREE, and there is no memory to begin with
 *   EXDEV	the target is the caller itself, or (TREE) the caller descends
 *		from it, or lies outside of the caller's
 *		own container, or JOIN names a container that what the target
 *		carries does not enclose
 *   EEXIST	the target was registered before (not merely inherited)
 *   EAGAIN	TREE, and the target came to carry something else meanwhile
 *   EBUSY	the target has children and TREE was not asked for
 *   ENOTUNIQ	the contid is in use by a live container, without JOIN
 *   ENOENT	JOIN, and there is no such live container
 *   EMLINK	nested deeper than the parameter max_depth
 *   ENOSPC	more live containers than the parameter max_containers
 *   ENOMEM	no memory
 */
#define AUDIT_CONTID_IOC_REGISTER _IOW(AUDIT_CONTID_IOC_MAGIC, 1, struct audit_contid_register)

/*
 * Errors, in this order: EPERM, EFAULT, EINVAL (flags, reserved), EBADF,
 * EOPNOTSUPP, ESRCH, EINVAL (kernel thread), EXDEV (outside of the caller's own
 * container), each as above.
 */
#define AUDIT_CONTID_IOC_GET _IOWR(AUDIT_CONTID_IOC_MAGIC, 2, struct audit_contid_get)

/* Errors: EPERM, EFAULT, EINVAL (a reserved field, or @count is 0), ENOMEM. */
#define AUDIT_CONTID_IOC_LIST _IOWR(AUDIT_CONTID_IOC_MAGIC, 3, struct audit_contid_list)

/* Errors: EPERM, EFAULT, EINVAL (a reserved field), ENOMEM. */
#define AUDIT_CONTID_IOC_STATS _IOWR(AUDIT_CONTID_IOC_MAGIC, 4, struct audit_contid_stats)

/*
 * Takes its label from every process, and so ends all containers at once, while
 * their processes live on. Live containers hold the module; this lets a program load
 * another version of it and put the labels back. Each container gets a record,
 * op=release. A container that is registered afterwards holds the module again.
 *
 * Errors, in this order:
 *   EPERM	as above
 *   EFAULT	as above
 *   EINVAL	a reserved field that is not zero
 *   EPERM	the caller is in a container
 *   EAGAIN	something was registered or joined, has entered or left since @changes
 *		was read: read what there is once more
 *   EINTR	a fatal signal came while it waited for a registration to end
 */
#define AUDIT_CONTID_IOC_RELEASE _IOW(AUDIT_CONTID_IOC_MAGIC, 5, struct audit_contid_release)

/*
 * Errors, in this order: EPERM, EFAULT, EINVAL (a reserved field, or one for the
 * answer, is not zero), ENOENT (no live container has the contid, or it is neither the
 * caller's own container nor nested in that).
 */
#define AUDIT_CONTID_IOC_LABEL _IOWR(AUDIT_CONTID_IOC_MAGIC, 6, struct audit_contid_label)

/*
 * Each successful call leaves a record, too: op=rate, with what the limit was before.
 *
 * Errors, in this order:
 *   EPERM	as above
 *   EFAULT	as above
 *   EINVAL	a flag, or a reserved field that is not zero
 *   ERANGE	@rate or @burst is larger than AUDIT_CONTID_RATE_MAX
 *   EINVAL	a @burst without a @rate
 *   ENOENT	no live container has the contid, or it is neither the caller's own
 *		container nor nested in that
 *   EXDEV	it is the caller's own container
 */
#define AUDIT_CONTID_IOC_RATE _IOW(AUDIT_CONTID_IOC_MAGIC, 7, struct audit_contid_rate)

#endif /* _UAPI_LINUX_AUDIT_CONTID_H */
