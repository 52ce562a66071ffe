// SPDX-License-Identifier: GPL-2.0
/*
 * The mount and network namespaces that containers live in: an address and a count.
 *
 * No reference to a namespace is held: it would keep the container's mounts busy. A
 * home lives while a process holds it, and that process is in both namespaces and so
 * keeps them: no address can be another namespace's meanwhile. A process gives its
 * home back before it leaves one of them or its last thread exits.
 *
 * That is true while all threads of the process are in the same two. Once a thread
 * goes elsewhere alone the process is a stray, with a home of its own: whether it still
 * has a thread in there has to be looked up (resident.c). The thread that went may have a
 * home of its own (lone.c).
 *
 * One home for both namespaces, so that fork and exit count one thing. What is found by a
 * namespace never depends on how many processes or containers there are: one place for a
 * namespace, in it one tenant for each container, and one for each stray.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "home.h"

#define PLACE_BITS 12

static struct hlist_head places[HOME_KINDS][1 << PLACE_BITS];
static struct hlist_head tenants_by_key[1 << PLACE_BITS];
static struct hlist_head homes_by_key[1 << PLACE_BITS];
/* guards the tables, their lists, and the steps of ->users from and to 0; inside of a process's */
static DEFINE_RAW_SPINLOCK(homes_lock);
unsigned int home_net_tenants;

/**
 * struct spot - a namespace to be at home in
 * @ns: its address; NULL for none
 * @id: what no other one ever has
 */
struct spot {
	const void *ns;
	u64 id;
};

/**
 * struct kit - memory for all that a home may need
 * @home: it
 * @tenants: in each kind of namespace
 * @places: likewise
 *
 * What is not needed stays in here.
 */
struct kit {
	struct home *home;
	struct tenant *tenants[HOME_KINDS];
	struct place *places[HOME_KINDS];
};

static struct hlist_head *place_bucket(enum home_kind kind, const void *ns)
{
	return &places[kind][hash_ptr(ns, PLACE_BITS)];
}

static struct hlist_head *key_bucket(struct hlist_head *table, const void *a, const void *b)
{
	return &table[hash_long((unsigned long)a ^ ((unsigned long)b << 1), PLACE_BITS)];
}

/**
 * home_place - what is known of a namespace
 * @kind: its kind
 * @ns: its address
 *
 * Context: under RCU or homes_lock.
 * Return: the place, or NULL if no labelled process is at home in there.
 */
struct place *home_place(enum home_kind kind, const void *ns)
{
	struct place *place;

	hlist_for_each_entry_rcu(place, place_bucket(kind, ns), node, true) {
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

/**
 * home_is_any - can anybody be at home in one of these?
 * @mnt: a mount namespace, or NULL
 * @net: a network namespace, or NULL
 */
bool home_is_any(const void *mnt, const void *net)
{
	return (mnt && !home_is_host(mnt)) || (net && net != &init_net);
}

static struct tenant *tenant_find(const struct place *place, const struct container *c)
{
	struct tenant *tenant;

	hlist_for_each_entry(tenant, key_bucket(tenants_by_key, place, c), by_key) {
		if (tenant->place == place && tenant->c == c)
			return tenant;
	}
	return NULL;
}

static struct home *home_find(struct tenant *const in[HOME_KINDS])
{
	struct home *home;

	hlist_for_each_entry(home, key_bucket(homes_by_key, in[HOME_MNT], in[HOME_NET]), by_key) {
		if (home->in[HOME_MNT] == in[HOME_MNT] && home->in[HOME_NET] == in[HOME_NET])
			return home;
	}
	return NULL;
}

static void place_forget(struct place *place)
{
	lockdep_assert_held(&homes_lock);
	WRITE_ONCE(place->ns, NULL);
	hlist_del_init_rcu(&place->node);
}

static struct place *place_get(enum home_kind kind, const struct spot *spot, struct kit *kit)
{
	struct place *place = home_place(kind, spot->ns);

	/* that is the place of strays which have left, and of a namespace that is gone */
	if (place && place->id != spot->id) {
		place_forget(place);
		place = NULL;
	}
	if (place || !kit)
		return place;
	place = kit->places[kind];
	kit->places[kind] = NULL;
	place->ns = spot->ns;
	place->id = spot->id;
	hlist_add_head_rcu(&place->node, place_bucket(kind, spot->ns));
	return place;
}

static struct tenant *tenant_get(enum home_kind kind, const struct spot *spot, struct container *c,
				 struct pid *stray, struct kit *kit)
{
	struct place *place = place_get(kind, spot, kit);
	struct tenant *tenant = place && !stray ? tenant_find(place, c) : NULL;

	if (tenant || !kit)
		return tenant;
	tenant = kit->tenants[kind];
	kit->tenants[kind] = NULL;
	tenant->place = place;
	tenant->c = c;
	tenant->stray = stray;
	hlist_add_head_rcu(&tenant->node, stray ? &place->strays : &place->tenants);
	if (!stray)
		hlist_add_head(&tenant->by_key, key_bucket(tenants_by_key, place, c));
	if (kind == HOME_NET)
		WRITE_ONCE(home_net_tenants, home_net_tenants + 1);
	return tenant;
}

/* One home less is in there. */
static void tenant_put(enum home_kind kind, struct tenant *tenant)
{
	struct place *place;

	if (!tenant || --tenant->homes)
		return;
	place = tenant->place;
	hlist_del_rcu(&tenant->node);
	if (!tenant->stray)
		hlist_del(&tenant->by_key);
	if (kind == HOME_NET)
		WRITE_ONCE(home_net_tenants, home_net_tenants - 1);
	kfree_rcu(tenant, rcu);
	if (!hlist_empty(&place->tenants) || !hlist_empty(&place->strays))
		return;
	/* it may have been forgotten */
	if (!hlist_unhashed(&place->node))
		hlist_del_rcu(&place->node);
	kfree_rcu(place, rcu);
}

/* Without a kit: only if it is there already. */
static struct home *home_get(const struct spot spots[HOME_KINDS], struct container *c,
			     struct pid *stray, struct kit *kit)
{
	struct tenant *in[HOME_KINDS] = {};
	struct home *home;
	int kind;

	lockdep_assert_held(&homes_lock);
	for (kind = 0; kind < HOME_KINDS; kind++) {
		if (!spots[kind].ns)
			continue;
		in[kind] = tenant_get(kind, &spots[kind], c, stray, kit);
		if (!in[kind])
			return NULL;
	}
	home = stray ? NULL : home_find(in);
	if (home) {
		atomic_inc(&home->users);
		return home;
	}
	if (!kit)
		return NULL;
	home = kit->home;
	kit->home = NULL;
	home->c = c;
	home->stray = stray;
	atomic_set(&home->users, 1);
	for (kind = 0; kind < HOME_KINDS; kind++) {
		home->in[kind] = in[kind];
		if (in[kind])
			in[kind]->homes++;
	}
	if (!stray)
		hlist_add_head(&home->by_key, key_bucket(homes_by_key, in[HOME_MNT], in[HOME_NET]));
	return home;
}

static bool kit_make(struct kit *kit)
{
	const gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;
	bool whole;
	int kind;

	kit->home = kzalloc(sizeof(*kit->home), gfp);
	whole = kit->home;
	for (kind = 0; kind < HOME_KINDS; kind++) {
		kit->tenants[kind] = kzalloc(sizeof(**kit->tenants), gfp);
		kit->places[kind] = kzalloc(sizeof(**kit->places), gfp);
		whole &= kit->tenants[kind] && kit->places[kind];
	}
	return whole;
}

static void kit_free(struct kit *kit)
{
	int kind;

	kfree(kit->home);
	for (kind = 0; kind < HOME_KINDS; kind++) {
		kfree(kit->tenants[kind]);
		kfree(kit->places[kind]);
	}
}

static struct home *home_make(const struct spot spots[HOME_KINDS], struct container *c,
			      struct pid *stray)
{
	struct home *home;
	struct kit kit;
	bool whole;

	if (!spots[HOME_MNT].ns && !spots[HOME_NET].ns)
		return NULL;
	raw_spin_lock(&homes_lock);
	home = home_get(spots, c, stray, NULL);
	raw_spin_unlock(&homes_lock);
	if (home)
		return home;
	whole = kit_make(&kit);
	raw_spin_lock(&homes_lock);
	home = home_get(spots, c, stray, whole ? &kit : NULL);
	raw_spin_unlock(&homes_lock);
	kit_free(&kit);
	if (!home)
		pr_warn_ratelimited("no memory: this namespace counts as no container\'s\n");
	return home;
}

/**
 * home_enter - a labelled process is in two namespaces
 * @mnt: the mount namespace; NULL if that is no home of its container's
 * @net: the network namespace, which the caller keeps alive; NULL if nobody is there
 * @c: its container
 * @stray: the process, if its threads are in several namespaces; else NULL
 *
 * The host's own namespaces are never a home: nobody enters a container by them, and
 * their packets are no container's.
 *
 * Context: handlers; the process's lock may be held. Without memory nobody is adopted
 * from there, and a message says so.
 * Return: the home, to be given back by home_leave(), or NULL.
 */
struct home *home_enter(const void *mnt, const void *net, struct container *c, struct pid *stray)
{
	struct spot spots[HOME_KINDS] = {};

	if (mnt && !home_is_host(mnt))
		spots[HOME_MNT] = (struct spot){ .ns = mnt, .id = contid_mnt_id(mnt) };
	if (net && net != &init_net)
		spots[HOME_NET] = (struct spot){ .ns = net, .id = contid_net_id(net) };
	return home_make(spots, c, stray);
}

/**
 * home_again - home_enter() to where a home is
 * @home: the home; if that is a stray's, its namespaces may be gone
 * @c: the container
 * @stray: the process, if its threads are in several namespaces; else NULL
 */
struct home *home_again(const struct home *home, struct container *c, struct pid *stray)
{
	struct spot spots[HOME_KINDS] = {};
	int kind;

	for (kind = 0; kind < HOME_KINDS; kind++) {
		spots[kind].ns = home_at(home, kind);
		if (spots[kind].ns)
			spots[kind].id = home->in[kind]->place->id;
	}
	return home_make(spots, c, stray);
}

/**
 * home_end - home_leave(), of perhaps the last one
 * @home: what it holds
 */
void home_end(struct home *home)
{
	int kind;

	raw_spin_lock(&homes_lock);
	if (atomic_dec_and_test(&home->users)) {
		if (!home->stray)
			hlist_del(&home->by_key);
		for (kind = 0; kind < HOME_KINDS; kind++)
			tenant_put(kind, home->in[kind]);
		kfree_rcu(home, rcu);
	}
	raw_spin_unlock(&homes_lock);
}

/**
 * home_forget - a mount namespace was made just now
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

	if (!home_place(HOME_MNT, ns))
		return;
	raw_spin_lock(&homes_lock);
	place = home_place(HOME_MNT, ns);
	if (place)
		place_forget(place);
	raw_spin_unlock(&homes_lock);
}

/**
 * home_check - a mount namespace is entered that was not made by fork or unshare just now
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
	place = home_place(HOME_MNT, ns);
	if (place && place->id != contid_mnt_id(ns))
		home_forget(ns);
}
