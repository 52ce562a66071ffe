// SPDX-License-Identifier: GPL-2.0
/*
 * The mount namespaces that containers live in: an address and a count.
 *
 * No reference to a namespace is held: it would keep the container's mounts busy. A
 * home lives while a process holds it, and that process is in the namespace and so
 * keeps it: the address cannot be another namespace's meanwhile. A process gives its
 * home back before it leaves the namespace or its last thread exits.
 *
 * That is true while all threads of the process are in one namespace. Once a thread
 * goes elsewhere alone the process is a stray, with a home of its own: whether it still
 * has a thread in there has to be looked up (resident.c). The thread that went may have a
 * home of its own (lone.c).
 *
 * So what is found here never depends on how many processes or containers there are: one
 * place for a namespace, in it one home for each container, and one for each stray.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "compat.h"
#include "home.h"

#define PLACE_BITS 12

static struct hlist_head places[1 << PLACE_BITS];
static struct hlist_head homes_by_key[1 << PLACE_BITS];
/* guards the table, its lists, and the steps of ->users from and to 0; inside of a process's */
static DEFINE_RAW_SPINLOCK(homes_lock);

static struct hlist_head *place_bucket(const void *ns)
{
	return &places[hash_ptr(ns, PLACE_BITS)];
}

/**
 * home_place - what is known of a mount namespace
 * @ns: the namespace
 *
 * Context: under RCU or homes_lock.
 * Return: the place, or NULL if no labelled process is at home in there.
 */
struct place *home_place(const void *ns)
{
	struct place *place;

	hlist_for_each_entry_rcu(place, place_bucket(ns), node, true) {
		if (READ_ONCE(place->ns) == ns)
			return place;
	}
	return NULL;
}

/**
 * home_is_host - is it the namespace of the machine itself?
 * @ns: a mount namespace
 */
bool home_is_host(const void *ns)
{
	return ns == home_ns_of(&init_task);
}

static struct hlist_head *home_bucket(const struct place *place, const struct container *c)
{
	return &homes_by_key[hash_long((unsigned long)place ^ ((unsigned long)c << 1), PLACE_BITS)];
}

static struct home *home_find(const struct place *place, const struct container *c)
{
	struct home *home;

	hlist_for_each_entry(home, home_bucket(place, c), by_key) {
		if (home->place == place && home->c == c)
			return home;
	}
	return NULL;
}

/* What is not needed stays in the caller's hands. */
static struct home *home_add(const void *ns, struct container *c, struct pid *stray,
			     struct place **new_place, struct home **new_home)
{
	struct place *place = home_place(ns);
	struct home *home = place && !stray ? home_find(place, c) : NULL;

	lockdep_assert_held(&homes_lock);
	if (home) {
		atomic_inc(&home->users);
		return home;
	}
	if (!*new_home || (!place && !*new_place))
		return NULL;
	if (!place) {
		place = *new_place;
		*new_place = NULL;
		place->ns = ns;
		place->id = contid_mnt_id(ns);
		hlist_add_head_rcu(&place->node, place_bucket(ns));
	}
	home = *new_home;
	*new_home = NULL;
	home->place = place;
	home->c = c;
	home->stray = stray;
	atomic_set(&home->users, 1);
	hlist_add_head_rcu(&home->node, stray ? &place->strays : &place->homes);
	if (!stray)
		hlist_add_head(&home->by_key, home_bucket(place, c));
	return home;
}

/**
 * home_enter - a labelled process is in a namespace
 * @ns: the namespace
 * @c: its container
 * @stray: the process, if its threads are in several namespaces; else NULL
 *
 * The host's own namespace is never a home: nobody enters a container by it.
 *
 * Context: handlers; the process's lock may be held. Without memory nobody is adopted
 * from there, and a message says so.
 * Return: the home, to be given back by home_leave(), or NULL.
 */
struct home *home_enter(const void *ns, struct container *c, struct pid *stray)
{
	struct place *place = NULL;
	struct home *fresh = NULL, *home;

	if (!ns || home_is_host(ns))
		return NULL;
	raw_spin_lock(&homes_lock);
	home = home_add(ns, c, stray, &place, &fresh);
	raw_spin_unlock(&homes_lock);
	if (home)
		return home;
	place = kzalloc(sizeof(*place), GFP_ATOMIC | __GFP_NOWARN);
	fresh = kzalloc(sizeof(*fresh), GFP_ATOMIC | __GFP_NOWARN);
	raw_spin_lock(&homes_lock);
	home = home_add(ns, c, stray, &place, &fresh);
	raw_spin_unlock(&homes_lock);
	kfree(place);
	kfree(fresh);
	if (!home)
		pr_warn_ratelimited("no memory: nobody is adopted from this namespace\n");
	return home;
}

/**
 * home_share - a child of a labelled process is born
 * @home: what the parent holds, or NULL; the parent cannot give it back meanwhile
 * @ns: the child's namespace
 * @c: their container
 *
 * A namespace that differs from current's was made with the child. What a thread forks
 * that has gone elsewhere alone has no home by this.
 *
 * Return: the home for the child, or NULL.
 */
struct home *home_share(struct home *home, const void *ns, struct container *c)
{
	if (ns != home_ns_of(current))
		return home_enter(ns, c, NULL);
	if (!home || READ_ONCE(home->place->ns) != ns)
		return NULL;
	if (home->stray)
		return home_enter(ns, c, NULL);
	atomic_inc(&home->users);
	return home;
}

/**
 * home_end - home_leave(), of perhaps the last one
 * @home: what it holds
 */
void home_end(struct home *home)
{
	struct place *place;

	raw_spin_lock(&homes_lock);
	if (atomic_dec_and_test(&home->users)) {
		place = home->place;
		hlist_del_rcu(&home->node);
		if (!home->stray)
			hlist_del(&home->by_key);
		kfree_rcu(home, rcu);
		if (hlist_empty(&place->homes) && hlist_empty(&place->strays)) {
			/* it may have been forgotten */
			if (!hlist_unhashed(&place->node))
				hlist_del_rcu(&place->node);
			kfree_rcu(place, rcu);
		}
	}
	raw_spin_unlock(&homes_lock);
}

/**
 * home_forget - a namespace was made just now
 * @ns: it; nobody has been in there yet
 *
 * So whoever is said to live at its address has left the one that was there before. A
 * stray may be said to: its home stays until it forks or executes alone.
 *
 * Context: handlers.
 */
void home_forget(const void *ns)
{
	struct place *place;

	if (!home_place(ns))
		return;
	raw_spin_lock(&homes_lock);
	place = home_place(ns);
	if (place) {
		WRITE_ONCE(place->ns, NULL);
		hlist_del_init_rcu(&place->node);
	}
	raw_spin_unlock(&homes_lock);
}

/**
 * home_check - a namespace is entered that was not made by fork or unshare just now
 * @ns: it, which the caller keeps alive
 *
 * Newer kernels make one by open_tree() and fsmount(), too, with nobody in it.
 *
 * Context: handlers.
 */
void home_check(const void *ns)
{
	const struct place *place;

	if (!CONTID_MNT_IDS)
		return;
	place = home_place(ns);
	if (place && place->id != contid_mnt_id(ns))
		home_forget(ns);
}
