// SPDX-License-Identifier: GPL-2.0
/* /dev/audit_contid: checks the right, moves bytes, and lets others judge. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/audit_contid.h>

#include "device.h"
#include "get.h"
#include "hold.h"
#include "hooks.h"
#include "inherit.h"
#include "late.h"
#include "rate.h"
#include "record.h"
#include "register.h"
#include "registry.h"
#include "release.h"
#include "signalled.h"
#include "tag.h"
#include "unlabelled.h"
#include "watch.h"

/* enough that to begin again after each does not matter */
#define LIST_CHUNK 512U

static int ioctl_info(void __user *to)
{
	struct audit_contid_info info = {
		.api_version = AUDIT_CONTID_API_VERSION,
		.max_depth = max_depth,
		.features = AUDIT_CONTID_FEATURE_JOIN | AUDIT_CONTID_FEATURE_TREE |
			    AUDIT_CONTID_FEATURE_PIDFD | AUDIT_CONTID_FEATURE_RELEASE |
			    AUDIT_CONTID_FEATURE_LABEL | AUDIT_CONTID_FEATURE_RATE |
			    AUDIT_CONTID_FEATURE_NETCONTID,
		.max_containers = max_containers,
		.hooks_on = watch_check(),
	};

	strscpy(info.module_version, AUDIT_CONTID_VERSION, sizeof(info.module_version));
	return copy_to_user(to, &info, sizeof(info)) ? -EFAULT : 0;
}

static void record_refused(const char *op, int err)
{
	record_operation(&(struct operation){ .op = op, .err = err });
}

static int ioctl_register(void __user *from)
{
	struct audit_contid_register arg;

	if (copy_from_user(&arg, from, sizeof(arg))) {
		record_refused("register", -EFAULT);
		return -EFAULT;
	}
	return register_process(&arg);
}

static int ioctl_get(void __user *arg)
{
	struct audit_contid_get get;
	int err;

	if (copy_from_user(&get, arg, sizeof(get)))
		return -EFAULT;
	err = get_process(&get);
	if (err)
		return err;
	return copy_to_user(arg, &get, sizeof(get)) ? -EFAULT : 0;
}

static void container_fill(struct audit_contid_container *out, struct container *c)
{
	struct container_counts sum;

	container_sum(c, &sum);
	memset(out, 0, sizeof(*out));
	out->serial = c->serial;
	out->contid = c->id;
	if (c->parent)
		out->parent = c->parent->id;
	out->depth = c->depth;
	out->first_pid = c->first_pid;
	out->processes = container_processes(c);
	out->created_ns = c->created_ns;
	out->asked = sum.ended + sum.unbegun;
	/* a process may get its label between the end of a record and its loss */
	out->written = sum.ended - min(sum.ended, sum.dropped);
	out->unplaced = sum.unplaced;
	out->cut = sum.cut;
	out->rate = READ_ONCE(c->rate.per_second);
	out->burst = READ_ONCE(c->rate.burst);
	out->held_ns = atomic64_read(&c->rate.held_ns);
	out->held = atomic64_read(&c->rate.held);
	out->ns_dev_major = MAJOR(c->ns.dev);
	out->ns_dev_minor = MINOR(c->ns.dev);
	memcpy(out->ns, c->ns.ino, sizeof(out->ns));
}

/**
 * struct list_page - a part of the list that is being filled
 * @own: what the caller carries: it sees what lies in there; a reference, or NULL
 * @room: the entries
 * @size: how many fit
 * @n: how many are in
 * @more: whether there was one that found no room
 */
struct list_page {
	struct container *own;
	struct audit_contid_container *room;
	u32 size;
	u32 n;
	bool more;
};

static bool list_add_one(struct container *c, void *data)
{
	struct list_page *page = data;

	if (!container_encloses(page->own, c))
		return true;
	if (page->n == page->size) {
		page->more = true;
		return false;
	}
	container_fill(&page->room[page->n++], c);
	return true;
}

static int list_copy(struct audit_contid_list *list, struct list_page *page)
{
	struct audit_contid_container __user *to = u64_to_user_ptr(list->buffer);
	u32 done = 0;

	list->changes = containers_changes();
	do {
		page->n = 0;
		page->more = false;
		page->size = min(LIST_CHUNK, list->count - done);
		list->after = container_walk(list->after, list_add_one, page);
		if (copy_to_user(to + done, page->room, page->n * sizeof(*to)))
			return -EFAULT;
		done += page->n;
	} while (page->more && done < list->count);
	list->more = page->more;
	list->count = done;
	list->live = containers_live();
	return 0;
}

static int ioctl_list(void __user *arg)
{
	struct audit_contid_list list;
	struct list_page page;
	int err;

	if (copy_from_user(&list, arg, sizeof(list)))
		return -EFAULT;
	if (!list.count || list.more || list.live || list.changes ||
	    memchr_inv(list.reserved, 0, sizeof(list.reserved)))
		return -EINVAL;
	page.room = kvmalloc_array(min(LIST_CHUNK, list.count), sizeof(*page.room), GFP_KERNEL);
	if (!page.room)
		return -ENOMEM;
	page.own = container_of_process(task_tgid(current));
	err = list_copy(&list, &page);
	if (page.own)
		container_put(page.own);
	kvfree(page.room);
	if (err)
		return err;
	return copy_to_user(arg, &list, sizeof(list)) ? -EFAULT : 0;
}

static int ioctl_stats(void __user *arg)
{
	struct audit_contid_stats in, out = {};
	struct audit_contid_probe *probes;
	u32 n;
	int err = 0;

	if (copy_from_user(&in, arg, sizeof(in)))
		return -EFAULT;
	if (memchr_inv(&in.hooks_on, 0, sizeof(in) - offsetof(typeof(in), hooks_on)))
		return -EINVAL;
	probes = kcalloc(HOOK_PROBES_MAX + LATE_MAX + 1, sizeof(*probes), GFP_KERNEL);
	if (!probes)
		return -ENOMEM;
	out.buffer = in.buffer;
	out.count = hooks_read(probes, HOOK_PROBES_MAX);
	signalled_probe(&probes[out.count++]);
	out.count += late_read(&probes[out.count], LATE_MAX);
	n = in.buffer ? min(in.count, out.count) : 0;
	if (copy_to_user(u64_to_user_ptr(in.buffer), probes, n * sizeof(*probes)))
		err = -EFAULT;
	kfree(probes);
	if (err)
		return err;
	out.hooks_on = watch_check();
	out.hooks_off_seen = watch_off_seen();
	out.processes = containers_processes();
	out.containers = containers_live();
	register_stats(&out.registered, &out.refused);
	inherit_stats(&out.inherited, &out.inherit_failed, &out.stale);
	tag_stats(&out.unplaced, &out.cut);
	unlabelled_stats(&out.unlabelled, &out.unlabelled_passed);
	out.signals_passed = signalled_passed();
	out.unheld = hold_missed();
	out.bytes_per_process = sizeof(struct process);
	out.bytes_fixed = registry_bytes_fixed();
	out.bytes_labels = containers_name_bytes();
	return copy_to_user(arg, &out, sizeof(out)) ? -EFAULT : 0;
}

/* A caller in a container learns nothing of those outside of its own. */
static int label_fill(struct audit_contid_label *label)
{
	struct container *c = container_find_get(&label->contid);
	struct container *own = container_of_process(task_tgid(current));
	int err = -ENOENT;

	if (c && container_encloses(own, c)) {
		label->label_len = c->name_len;
		memcpy(label->label, c->name, c->name_len);
		err = 0;
	}
	if (own)
		container_put(own);
	if (c)
		container_put(c);
	return err;
}

static int ioctl_label(void __user *arg)
{
	struct audit_contid_label label;
	int err;

	if (copy_from_user(&label, arg, sizeof(label)))
		return -EFAULT;
	if (memchr_inv(&label.label_len, 0, sizeof(label) - offsetof(typeof(label), label_len)))
		return -EINVAL;
	err = label_fill(&label);
	if (err)
		return err;
	return copy_to_user(arg, &label, sizeof(label)) ? -EFAULT : 0;
}

static int ioctl_rate(void __user *from)
{
	struct audit_contid_rate arg;

	if (copy_from_user(&arg, from, sizeof(arg))) {
		record_refused("rate", -EFAULT);
		return -EFAULT;
	}
	return rate_set(&arg);
}

static int ioctl_release(void __user *from)
{
	struct audit_contid_release arg;

	if (copy_from_user(&arg, from, sizeof(arg)))
		return -EFAULT;
	if (memchr_inv(arg.reserved, 0, sizeof(arg.reserved)))
		return -EINVAL;
	return release_all(arg.changes);
}

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;
	const char *op = "ioctl";
	int err;

	if (!capable(CAP_AUDIT_CONTROL)) {
		err = -EPERM;
		goto refuse;
	}
	switch (cmd) {
	case AUDIT_CONTID_IOC_REGISTER:
		watch_check();
		return ioctl_register(user);
	case AUDIT_CONTID_IOC_RATE:
		return ioctl_rate(user);
	case AUDIT_CONTID_IOC_INFO:
		op = "info";
		err = ioctl_info(user);
		break;
	case AUDIT_CONTID_IOC_GET:
		op = "get";
		err = ioctl_get(user);
		break;
	case AUDIT_CONTID_IOC_LIST:
		op = "list";
		err = ioctl_list(user);
		break;
	case AUDIT_CONTID_IOC_STATS:
		op = "stats";
		err = ioctl_stats(user);
		break;
	case AUDIT_CONTID_IOC_RELEASE:
		op = "release";
		err = ioctl_release(user);
		break;
	case AUDIT_CONTID_IOC_LABEL:
		op = "label";
		err = ioctl_label(user);
		break;
	default:
		err = -ENOTTY;
	}
	if (!err)
		return 0;
refuse:
	record_refused(op, err);
	return err;
}

static int device_open(struct inode *inode, struct file *file)
{
	if (capable(CAP_AUDIT_CONTROL))
		return 0;
	record_refused("open", -EPERM);
	return -EPERM;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "audit_contid",
	.mode = 0600,
	.fops = &device_fops,
};

/** device_init - open for business. May sleep. */
int device_init(void)
{
	return misc_register(&device);
}

/** device_exit - close. May sleep. */
void device_exit(void)
{
	misc_deregister(&device);
}
