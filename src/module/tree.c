// SPDX-License-Identifier: GPL-2.0
/*
 * Registering a process with all its descendants that carry what it carries,
 * while they fork and exit.
 *
 * A member of the tree is the root, a process that is marked with the number of
 * this walk, or one whose chain of real_parents leads through processes that
 * carry the same as the root to one of these. The chain of a member breaks only
 * when a parent exits, or is missing if a child is made with CLONE_PARENT:
 * there the hooks of exit and fork mark the child, before it is orphaned or runs.
 *
 *  1. tree_begin(): from now on the hooks mark (synchronize_rcu(): handlers that
 *     did not know have finished). Threads whose exit hook ran before that may
 *     still have children: those are marked here. Children that were given to
 *     init already were orphans before the registration, and stay outside.
 *  2. The caller registers the root, and pins its container.
 *  3. tree_label_all(): from now on the hooks label instead of mark, and the walk
 *     labels each member that it sees, until nothing is labelled any more. Fork's
 *     hook sees to it that no unlabelled member is born, and it alone labels a child
 *     that was not born yet: it knows what the maker carries by now. Those that began before
 *     their maker was labelled are waited for.
 *  4. tree_end(): the hooks forget it. Marks without a label are removed.
 *
 * Marking and labelling a process is done under its lock, and RCU (or a handler's
 * preemption being off) keeps the tasks that are walked over. One tree at a time:
 * the caller of tree_begin() holds tree_lock until tree_end().
 */
#include <linux/gfp.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "inherit.h"
#include "leave.h"
#include "parting.h"
#include "record.h"
#include "registry.h"
#include "resident.h"
#include "target.h"
#include "tree.h"

/**
 * struct tree - the walk that is going on
 * @root: the process that is registered
 * @from: what it carried, a reference, or NULL
 * @to: what its descendants get; NULL while they are only marked
 * @id: the number of this walk, never 0
 * @news: members that were labelled since it was last set to 0
 * @failed: a member could not be marked for want of memory
 * @lacking: members that the current walk left out for want of memory at hand
 * @stock: entries for the walks, which cannot sleep; of the caller of tree_begin()
 */
struct tree {
	struct pid *root;
	struct container *from;
	struct container *to;
	u32 id;
	atomic_t news;
	bool failed;
	unsigned int lacking;
	struct process *stock;
};

/* so many are at hand before the first walk */
#define STOCK 64

struct tree *tree_active;
static struct tree tree;
/* from tree_begin() to tree_end(): one tree at a time; outside of all others */
static DEFINE_MUTEX(tree_lock);

/* A walk holds the RCU read lock, a handler has preemption off. */
static struct task_struct *parent_of(const struct task_struct *task)
{
	return rcu_dereference_check(task->real_parent, rcu_read_lock_sched_held());
}

/*
 * The parent is read before the mark: a child is marked before it
 * is taken away from a member.
 */
static bool tree_member(struct task_struct *task)
{
	struct task_struct *start = task, *parent;
	struct process *process;
	struct pid *tgid;

	while (task) {
		parent = parent_of(task);
		/*
		 * Pairs with the lock under which marks are set before reparenting. And a
		 * handler that has seen tree_active sees what is in the tree.
		 */
		smp_rmb();
		tgid = process_tgid(task);
		if (!tgid) {
			/* it was released meanwhile, and its children are marked */
			if (task == start)
				return false;
			task = start;
			continue;
		}
		if (tgid == tree.root)
			return true;
		process = process_find(tgid);
		if (process && READ_ONCE(process->walk) == tree.id)
			return true;
		if ((process ? READ_ONCE(process->container) : NULL) != tree.from)
			return false;
		if (is_global_init(task) || target_is_kthread(task))
			return false;
		task = parent;
	}
	return false;
}

/* Under the process's lock: mark or label it; true if it was labelled. */
static bool tree_mark(struct process *process, struct process **spare, struct pid *tgid,
		      struct container *to)
{
	if (!to && process) {
		WRITE_ONCE(process->walk, tree.id);
		return false;
	}
	(*spare)->walk = tree.id;
	if (to) {
		container_inherit(to);
		process_replace(process, *spare, tgid, to, 0);
	} else {
		process_insert(*spare, tgid, NULL, 0);
	}
	*spare = NULL;
	return to;
}

/* Return: 0 or -ENOMEM, which __GFP_NOFAIL rules out. */
static int stock_fill(unsigned int count, gfp_t gfp)
{
	struct process *process;

	while (count--) {
		process = process_alloc(GFP_KERNEL | gfp);
		if (!process)
			return -ENOMEM;
		process->next = tree.stock;
		tree.stock = process;
	}
	return 0;
}

static struct process *stock_take(void)
{
	struct process *process = tree.stock;

	if (!process) {
		/* of an ioctl, too: that may not be moved to another CPU meanwhile */
		preempt_disable();
		process = process_alloc_atomic();
		preempt_enable();
		return process;
	}
	tree.stock = process->next;
	process->next = NULL;
	return process;
}

static void stock_empty(void)
{
	while (tree.stock)
		process_free(stock_take());
}

/*
 * Mark or label one member, by an entry that the caller has brought. One that is dead
 * is marked, for the children that it still has.
 *
 * Return: false if that needs an entry and @spare is NULL: nothing was done.
 */
static bool tree_take(struct task_struct *task, struct process **spare)
{
	struct container *to = READ_ONCE(tree.to);
	struct pid *tgid = process_tgid(task);
	bool news = false, done = true;
	struct process *process;

	if (!tgid || tgid == tree.root)
		return true;
	process = process_lock(tgid);
	if (!atomic_read(&task->signal->live) || (process && process->flags & PROCESS_DEAD))
		to = NULL;
	if ((process ? process->container : NULL) == tree.from) {
		done = *spare || (process && !to);
		if (done)
			news = tree_mark(process, spare, tgid, to);
	}
	process_unlock(tgid);
	if (!news)
		return done;
	atomic_inc(&tree.news);
	if (tree.from)
		leave_one(tree.from, pid_nr(tgid));
	inherit_recheck(task, tgid);
	return true;
}

/* In a handler: a member that cannot be labelled must not run on without. */
static void tree_take_atomic(struct task_struct *task)
{
	struct process *spare = process_alloc_atomic();
	struct container *to;

	if (!tree_take(task, &spare)) {
		WRITE_ONCE(tree.failed, true);
		to = READ_ONCE(tree.to);
		if (to && atomic_read(&task->signal->live))
			inherit_kill(task, to);
	}
	process_free(spare);
}

/*
 * In a walk. A child that was not born yet is its fork's: the hook there gives it what
 * its maker carries, which may be more than what the tree gives, and then asks the tree.
 */
static void tree_take_walking(struct task_struct *task)
{
	struct process *spare;

	if (target_is_unborn(task_tgid(task)))
		return;
	spare = stock_take();
	if (!tree_take(task, &spare))
		tree.lacking++;
	if (spare) {
		spare->next = tree.stock;
		tree.stock = spare;
	}
}

/**
 * tree_has - is a task in the tree?
 * @task: the task
 *
 * Context: between tree_begin() and tree_end().
 */
bool tree_has(struct task_struct *task)
{
	bool has;

	rcu_read_lock();
	has = tree_member(task);
	rcu_read_unlock();
	return has;
}

/**
 * tree_forked - the current process has made a child, which has never run
 * @child: the child
 *
 * Context: the handler of fork, after the child has inherited.
 */
void tree_forked(struct task_struct *child)
{
	if (tree_member(current))
		tree_take_atomic(child);
}

/**
 * tree_parting - the current thread leads its children to the root no longer
 *
 * It exits and is about to give them away, or it comes to carry something else.
 *
 * Context: handlers. The list of current's children is another lock's, which no module
 * can take: so this walks over all processes, but only for a thread of the tree that has
 * children, and only while an orchestrator registers that tree.
 */
void tree_parting(void)
{
	struct task_struct *task;

	if (list_empty(&current->children) || !tree_member(current))
		return;
	for_each_process(task) {
		if (rcu_access_pointer(task->real_parent) == current &&
		    !target_is_unborn(task_tgid(task)))
			tree_take_atomic(task);
	}
}

/* The children of threads that are between their exit hook and reparenting. */
static void tree_take_from_exiting(void)
{
	struct task_struct *task, *parent;

	rcu_read_lock();
	for_each_process(task) {
		parent = parent_of(task);
		/* one that begins to exit only now has its hook before it */
		if ((data_race(parent->flags) & PF_EXITING) && tree_member(parent))
			tree_take_walking(task);
	}
	rcu_read_unlock();
	/* once only: meanwhile they give their children away */
	if (tree.lacking)
		WRITE_ONCE(tree.failed, true);
}

/**
 * tree_begin - watch a process and its descendants
 * @root: the process, with a reference
 * @from: what it carries, with a reference, or NULL; both until tree_end()
 *
 * Context: may sleep.
 * Return: 0, to be followed by tree_end(); -EINTR after a fatal signal; -ENOMEM.
 */
int tree_begin(struct pid *root, struct container *from)
{
	if (mutex_lock_killable(&tree_lock))
		return -EINTR;
	tree.root = root;
	tree.from = from;
	tree.to = NULL;
	tree.failed = false;
	tree.lacking = 0;
	if (!++tree.id)
		tree.id = 1;
	partings_add(1);
	/* a handler that sees the tree sees what is in it */
	smp_store_release(&tree_active, &tree);
	synchronize_rcu();
	if (!stock_fill(STOCK, 0)) {
		tree_take_from_exiting();
		if (!READ_ONCE(tree.failed))
			return 0;
	}
	tree_end();
	return -ENOMEM;
}

/** tree_walk_id - the number with which the root is marked too */
u32 tree_walk_id(void)
{
	return tree.id;
}

/** tree_from - what the root carried at tree_begin() */
struct container *tree_from(void)
{
	return tree.from;
}

static void tree_walk(void (*fn)(struct task_struct *task))
{
	struct task_struct *task;

	rcu_read_lock();
	for_each_process(task) {
		if (!target_is_kthread(task) && tree_member(task))
			fn(task);
	}
	rcu_read_unlock();
	cond_resched();
}

/**
 * tree_label_all - label all descendants of the root
 * @to: what the root carries now; pinned by the caller
 *
 * Context: may sleep; between tree_begin() and tree_end().
 */
void tree_label_all(struct container *to)
{
	/* pairs with READ_ONCE() in tree_take(): the container is published */
	smp_store_release(&tree.to, to);
	synchronize_rcu();
	if (READ_ONCE(tree.failed))
		record_inherit_failed(to, pid_nr(tree.root));
	do {
		/* the root carries it already, so there is no way back from here */
		stock_fill(tree.lacking, __GFP_NOFAIL);
		tree.lacking = 0;
		atomic_set(&tree.news, 0);
		tree_walk(tree_take_walking);
	} while (atomic_read(&tree.news) || tree.lacking);
	/*
	 * A fork that found its maker without the label, and is about to give the
	 * child what that carried, finds the tree still there when it asks.
	 */
	synchronize_rcu();
	tree_walk(resident_settle);
}

/**
 * tree_end - forget the tree
 *
 * Context: may sleep.
 */
void tree_end(void)
{
	WRITE_ONCE(tree_active, NULL);
	partings_add(-1);
	synchronize_rcu();
	process_remove_empty();
	stock_empty();
	mutex_unlock(&tree_lock);
}
