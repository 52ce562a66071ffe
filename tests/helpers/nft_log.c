// SPDX-License-Identifier: GPL-2.0
/*
 * nft_log add HOOK...: has nftables write an audit record of each IPv4 packet that comes to one of
 * these hooks (prerouting, input, forward, output, postrouting), by the expression log with
 * the level audit, in a table of its own. nft_log delete: takes that away.
 *
 * Speaks netlink itself, so that no nft is needed.
 */
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TABLE "contid-test"

static union {
	struct nlmsghdr header;
	char bytes[4096];
} out, in;
static size_t len;
static struct nlmsghdr *last;

static void message(int type, int flags, int family, int subsystem)
{
	struct nfgenmsg *nf;

	last = (void *)(out.bytes + len);
	nf = NLMSG_DATA(last);
	last->nlmsg_len = NLMSG_LENGTH(sizeof(*nf));
	last->nlmsg_type = type;
	last->nlmsg_flags = NLM_F_REQUEST | flags;
	nf->nfgen_family = family;
	nf->version = NFNETLINK_V0;
	nf->res_id = htons(subsystem);
	len += last->nlmsg_len;
}

static void order(int type, int flags)
{
	message((NFNL_SUBSYS_NFTABLES << 8) | type, flags | NLM_F_ACK, NFPROTO_IPV4, 0);
}

static void attribute(int type, const void *value, size_t size)
{
	struct nlattr *attr = (void *)(out.bytes + len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attr + NLA_HDRLEN, value, size);
	last->nlmsg_len += NLA_ALIGN(attr->nla_len);
	len += NLA_ALIGN(attr->nla_len);
}

static void text(int type, const char *value)
{
	attribute(type, value, strlen(value) + 1);
}

static void number(int type, uint32_t value)
{
	value = htonl(value);
	attribute(type, &value, sizeof(value));
}

static size_t nest_begin(int type)
{
	size_t at = len;

	attribute(type | NLA_F_NESTED, "", 0);
	return at;
}

static void nest_end(size_t at)
{
	((struct nlattr *)(out.bytes + at))->nla_len = len - at;
}

static int hook_of(const char *name)
{
	static const char *const names[] = { "prerouting", "input", "forward", "output",
					     "postrouting" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!strcmp(names[i], name))
			return i;
	}
	return -1;
}

static void chain(const char *name)
{
	size_t hook, list, expression, data;

	order(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
	text(NFTA_CHAIN_TABLE, TABLE);
	text(NFTA_CHAIN_NAME, name);
	hook = nest_begin(NFTA_CHAIN_HOOK);
	number(NFTA_HOOK_HOOKNUM, hook_of(name));
	number(NFTA_HOOK_PRIORITY, 0);
	nest_end(hook);
	text(NFTA_CHAIN_TYPE, "filter");

	order(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	text(NFTA_RULE_TABLE, TABLE);
	text(NFTA_RULE_CHAIN, name);
	list = nest_begin(NFTA_RULE_EXPRESSIONS);
	expression = nest_begin(NFTA_LIST_ELEM);
	text(NFTA_EXPR_NAME, "log");
	data = nest_begin(NFTA_EXPR_DATA);
	number(NFTA_LOG_LEVEL, NFT_LOGLEVEL_AUDIT);
	nest_end(data);
	nest_end(expression);
	nest_end(list);
}

/* One answer to each order. */
static int answers(int fd, int count)
{
	const struct nlmsgerr *answer = NLMSG_DATA(&in.header);

	while (count--) {
		if (recv(fd, &in, sizeof(in), 0) < (ssize_t)NLMSG_LENGTH(sizeof(*answer))) {
			perror("nft_log");
			return 1;
		}
		if (in.header.nlmsg_type == NLMSG_ERROR && answer->error) {
			fprintf(stderr, "nft_log: %s\n", strerror(-answer->error));
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
	int remove = argc == 2 && !strcmp(argv[1], "delete");

	for (int i = 2; i < argc; i++)
		remove |= hook_of(argv[i]) < 0 ? 2 : 0;
	if (remove > 1 || (!remove && (argc < 3 || argc > 7 || strcmp(argv[1], "add")))) {
		fputs("usage: nft_log add HOOK...|delete\n", stderr);
		return 2;
	}
	message(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	order(remove ? NFT_MSG_DELTABLE : NFT_MSG_NEWTABLE, remove ? 0 : NLM_F_CREATE);
	text(NFTA_TABLE_NAME, TABLE);
	for (int i = 2; i < argc; i++)
		chain(argv[i]);
	message(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	if (fd < 0 || sendto(fd, &out, len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0) {
		perror("nft_log");
		return 1;
	}
	return answers(fd, remove ? 1 : 1 + 2 * (argc - 2));
}
