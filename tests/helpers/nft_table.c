// SPDX-License-Identifier: GPL-2.0
/*
 * nft_table NAME: makes a netfilter table of any name, which may have every byte
 * but NUL: the kernel prints it into an audit record as it is. Speaks netlink
 * itself, as nft allows only some bytes.
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

static union {
	struct nlmsghdr header;
	char bytes[1024];
} out, in;
static size_t len;

static struct nlmsghdr *message(int type, int flags, int family, int subsystem)
{
	struct nlmsghdr *header = (void *)(out.bytes + len);
	struct nfgenmsg *nf = NLMSG_DATA(header);

	header->nlmsg_len = NLMSG_LENGTH(sizeof(*nf));
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	nf->nfgen_family = family;
	nf->version = NFNETLINK_V0;
	nf->res_id = htons(subsystem);
	len += header->nlmsg_len;
	return header;
}

static void attribute(struct nlmsghdr *header, int type, const char *value)
{
	struct nlattr *attr = (void *)(out.bytes + len);
	size_t size = strlen(value) + 1;

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + size;
	memcpy((char *)attr + NLA_HDRLEN, value, size);
	header->nlmsg_len += NLA_ALIGN(attr->nla_len);
	len += NLA_ALIGN(attr->nla_len);
}

int main(int argc, char **argv)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	const struct nlmsgerr *answer = NLMSG_DATA(&in.header);
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);

	if (argc != 2 || strlen(argv[1]) > 255) {
		fputs("usage: nft_table NAME\n", stderr);
		return 2;
	}
	message(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	attribute(message((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_ACK,
			  NFPROTO_IPV4, 0),
		  NFTA_TABLE_NAME, argv[1]);
	message(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
	if (fd < 0 || sendto(fd, &out, len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0 ||
	    recv(fd, &in, sizeof(in), 0) < (ssize_t)NLMSG_LENGTH(sizeof(*answer))) {
		perror("nft_table");
		return 1;
	}
	if (in.header.nlmsg_type == NLMSG_ERROR && answer->error) {
		fprintf(stderr, "nft_table: %s\n", strerror(-answer->error));
		return 1;
	}
	return 0;
}
