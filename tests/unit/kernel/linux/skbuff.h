/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What field.c uses of the kernel's skbs, with the room that was asked for and not a
 * byte more, so that a sanitizer sees each byte outside.
 */
#ifndef UNIT_SKBUFF_H
#define UNIT_SKBUFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint16_t u16;
typedef uint64_t u64;

#define GFP_ATOMIC 0
#define noinline
#define likely(condition)      (condition)
#define unlikely(condition)    (condition)
#define max(a, b)	       ((a) > (b) ? (a) : (b))
#define min_t(type, a, b)      ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define scnprintf(out, n, ...) ((unsigned int)snprintf(out, n, __VA_ARGS__))

struct sk_buff {
	unsigned char *data;
	unsigned int len;
	unsigned int size;
	bool no_memory;
};

static inline bool skb_shared(const struct sk_buff *skb)
{
	(void)skb;
	return false;
}

static inline bool skb_cloned(const struct sk_buff *skb)
{
	(void)skb;
	return false;
}

static inline int skb_tailroom(const struct sk_buff *skb)
{
	return skb->size - skb->len;
}

static inline void skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (len < skb->len)
		skb->len = len;
}

static inline void *__skb_put(struct sk_buff *skb, unsigned int len)
{
	void *at = skb->data + skb->len;

	skb->len += len;
	if (skb->len > skb->size)
		abort();
	return at;
}

static inline int pskb_expand_head(struct sk_buff *skb, int head, int tail, int gfp)
{
	unsigned char *data;

	(void)head;
	(void)gfp;
	if (skb->no_memory)
		return -1;
	data = malloc(skb->size + tail);
	if (!data)
		abort();
	memcpy(data, skb->data, skb->len);
	memset(data + skb->len, 'S', skb->size + tail - skb->len);
	free(skb->data);
	skb->data = data;
	skb->size += tail;
	return 0;
}

#endif
