/* SPDX-License-Identifier: GPL-2.0 */
/* Protocol Buffers, as bytes. */
#ifndef NRI_WIRE_H
#define NRI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct bytes - a part of a message; it is not copied
 * @at: its first byte
 * @length: of it
 */
struct bytes {
	const uint8_t *at;
	size_t length;
};

/**
 * struct field - a field of a message
 * @number: which
 * @value: a number; 0 if it is bytes
 * @bytes: a text or a message in the message; of length 0 if it is a number
 */
struct field {
	uint64_t number;
	uint64_t value;
	struct bytes bytes;
};

/**
 * struct buffer - a message that is made
 * @at: its bytes, allocated
 * @length: so many
 * @size: there is room for so many
 */
struct buffer {
	uint8_t *at;
	size_t length, size;
};

bool wire_next(struct bytes *message, struct field *field);
bool wire_is_whole(const struct bytes *message);
bool bytes_are(struct bytes bytes, const char *text);
char *bytes_text(struct bytes bytes);

void wire_put_number(struct buffer *to, unsigned int number, uint64_t value);
void wire_put_bytes(struct buffer *to, unsigned int number, const void *at, size_t length);
void buffer_add(struct buffer *to, const void *at, size_t length);

#endif
