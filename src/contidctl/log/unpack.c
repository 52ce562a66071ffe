// SPDX-License-Identifier: GPL-2.0
/*
 * A form is known by its first bytes, not by the file's name. Which of them can be read
 * depends on the libraries that were there when this was built; the others are named.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#include "message.h"
#include "unpack.h"

#define INPUT_SIZE  65536
#define MAGIC_SIZE  6
#define MEMORY_MOST (256UL << 20) /* what one file may make this program ask for */

/**
 * struct form - a way to compress a file
 * @magic: its first bytes
 * @name: of the way
 * @program: that reads it
 * @begin: make the decoder
 * @step: decode from the input into @buffer; return the bytes made, or -1 if the input
 *	is damaged. NULL if this program cannot read the form.
 * @end: free the decoder
 */
struct form {
	const char *magic;
	const char *name;
	const char *program;
	bool (*begin)(struct unpack *unpack);
	ssize_t (*step)(struct unpack *unpack, char *buffer, size_t size);
	void (*end)(struct unpack *unpack);
};

/**
 * struct unpack - a file that is read
 * @fd: it
 * @form: how it is compressed, or NULL
 * @input: bytes of it
 * @at: so many of them are used
 * @filled: so many are there
 * @is_end: the file has no more
 * @is_whole: what was decoded ended as it should
 */
struct unpack {
	int fd;
	const struct form *form;
	char *input;
	size_t at, filled;
	bool is_end;
	bool is_whole;
	union {
#ifdef HAVE_ZLIB
		z_stream gzip;
#endif
#ifdef HAVE_LZMA
		lzma_stream xz;
#endif
#ifdef HAVE_ZSTD
		ZSTD_DStream *zstd;
#endif
		char none;
	} decoder;
};

#ifdef HAVE_ZLIB
static bool gzip_begin(struct unpack *unpack)
{
	/* gzip's own header, and the largest window */
	return inflateInit2(&unpack->decoder.gzip, 16 + MAX_WBITS) == Z_OK;
}

static ssize_t gzip_step(struct unpack *unpack, char *buffer, size_t size)
{
	z_stream *stream = &unpack->decoder.gzip;
	int result;

	if (unpack->at == unpack->filled)
		return 0;
	/* one member may follow another */
	if (unpack->is_whole && inflateReset(stream) != Z_OK)
		return -1;
	stream->next_in = (Bytef *)unpack->input + unpack->at;
	stream->avail_in = unpack->filled - unpack->at;
	stream->next_out = (Bytef *)buffer;
	stream->avail_out = size;
	result = inflate(stream, Z_NO_FLUSH);
	unpack->at = unpack->filled - stream->avail_in;
	unpack->is_whole = result == Z_STREAM_END;
	return result == Z_OK || unpack->is_whole ? (ssize_t)(size - stream->avail_out) : -1;
}

static void gzip_end(struct unpack *unpack)
{
	inflateEnd(&unpack->decoder.gzip);
}
#endif

#ifdef HAVE_LZMA
static bool xz_begin(struct unpack *unpack)
{
	unpack->decoder.xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&unpack->decoder.xz, MEMORY_MOST, LZMA_CONCATENATED) == LZMA_OK;
}

static ssize_t xz_step(struct unpack *unpack, char *buffer, size_t size)
{
	lzma_stream *stream = &unpack->decoder.xz;
	lzma_ret result;

	if (unpack->is_whole)
		return 0;
	stream->next_in = (uint8_t *)unpack->input + unpack->at;
	stream->avail_in = unpack->filled - unpack->at;
	stream->next_out = (uint8_t *)buffer;
	stream->avail_out = size;
	result = lzma_code(stream, unpack->is_end ? LZMA_FINISH : LZMA_RUN);
	unpack->at = unpack->filled - stream->avail_in;
	unpack->is_whole = result == LZMA_STREAM_END;
	return result == LZMA_OK || unpack->is_whole ? (ssize_t)(size - stream->avail_out) : -1;
}

static void xz_end(struct unpack *unpack)
{
	lzma_end(&unpack->decoder.xz);
}
#endif

#ifdef HAVE_ZSTD
static bool zstd_begin(struct unpack *unpack)
{
	unpack->decoder.zstd = ZSTD_createDStream();
	return unpack->decoder.zstd;
}

static ssize_t zstd_step(struct unpack *unpack, char *buffer, size_t size)
{
	ZSTD_inBuffer in = { unpack->input, unpack->filled, unpack->at };
	ZSTD_outBuffer out = { buffer, size, 0 };
	size_t result;

	/* a frame that has ended would be the begin of another one */
	if (unpack->is_whole && unpack->at == unpack->filled)
		return 0;
	result = ZSTD_decompressStream(unpack->decoder.zstd, &out, &in);
	unpack->at = in.pos;
	unpack->is_whole = !result;
	return ZSTD_isError(result) ? -1 : (ssize_t)out.pos;
}

static void zstd_end(struct unpack *unpack)
{
	ZSTD_freeDStream(unpack->decoder.zstd);
}
#endif

static const struct form forms[] = {
	{
		.magic = "\x1f\x8b",
		.name = "gzip",
		.program = "zcat",
#ifdef HAVE_ZLIB
		.begin = gzip_begin,
		.step = gzip_step,
		.end = gzip_end,
#endif
	},
	{
		.magic = "\xfd"
			 "7zXZ",
		.name = "xz",
		.program = "xzcat",
#ifdef HAVE_LZMA
		.begin = xz_begin,
		.step = xz_step,
		.end = xz_end,
#endif
	},
	{
		.magic = "\x28\xb5\x2f\xfd",
		.name = "zstd",
		.program = "zstdcat",
#ifdef HAVE_ZSTD
		.begin = zstd_begin,
		.step = zstd_step,
		.end = zstd_end,
#endif
	},
	{ .magic = "BZh", .name = "bzip2", .program = "bzcat" },
};

/* Return: false with errno. */
static bool fill(struct unpack *unpack)
{
	ssize_t got;

	do {
		got = read(unpack->fd, unpack->input + unpack->filled, INPUT_SIZE - unpack->filled);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return false;
	unpack->filled += got;
	unpack->is_end = !got;
	return true;
}

static const struct form *find_form(const struct unpack *unpack)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t len = strlen(forms[i].magic);

		if (unpack->filled >= len && !memcmp(unpack->input, forms[i].magic, len))
			return &forms[i];
	}
	return NULL;
}

/* Return: false, and a message has been printed. */
static bool begin(struct unpack *unpack, const char *name)
{
	while (unpack->filled < MAGIC_SIZE && !unpack->is_end) {
		if (!fill(unpack)) {
			message("%s: %s", name, strerror(errno));
			return false;
		}
	}
	unpack->form = find_form(unpack);
	if (unpack->form && !unpack->form->step) {
		message("%s is compressed by %s and was not read: `%s FILE | contidctl ... --input "
			"-` reads it",
			name, unpack->form->name, unpack->form->program);
		unpack->form = NULL;
		return false;
	}
	if (unpack->form && !unpack->form->begin(unpack)) {
		message("%s: %s", name, strerror(ENOMEM));
		return false;
	}
	return true;
}

/**
 * unpack_open - begin to read a file from where it stands
 * @fd: the file, which stays the caller's
 * @name: for messages
 *
 * Return: NULL if it cannot be read; a message says why.
 */
struct unpack *unpack_open(int fd, const char *name)
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));

	if (unpack)
		unpack->input = malloc(INPUT_SIZE);
	if (!unpack || !unpack->input) {
		message("%s", strerror(ENOMEM));
		free(unpack);
		return NULL;
	}
	unpack->fd = fd;
	if (begin(unpack, name))
		return unpack;
	unpack_close(unpack);
	return NULL;
}

static ssize_t read_plain(struct unpack *unpack, char *buffer, size_t size)
{
	size_t left = unpack->filled - unpack->at;
	ssize_t got;

	if (left) {
		left = left < size ? left : size;
		memcpy(buffer, unpack->input + unpack->at, left);
		unpack->at += left;
		return left;
	}
	do {
		got = read(unpack->fd, buffer, size);
	} while (got < 0 && errno == EINTR);
	return got;
}

/**
 * unpack_read - read the next bytes
 * @unpack: the file
 * @buffer: gets them
 * @size: so many at most
 *
 * Return: how many, 0 at the end, or -1 with errno: EBADMSG for one that is damaged, or
 * cut.
 */
ssize_t unpack_read(struct unpack *unpack, char *buffer, size_t size)
{
	ssize_t made;

	if (!unpack->form)
		return read_plain(unpack, buffer, size);
	for (;;) {
		if (unpack->at == unpack->filled && !unpack->is_end) {
			unpack->at = unpack->filled = 0;
			if (!fill(unpack))
				return -1;
		}
		made = unpack->form->step(unpack, buffer, size);
		if (made > 0)
			return made;
		if (!made && unpack->is_end && unpack->at == unpack->filled && unpack->is_whole)
			return 0;
		if (made < 0 || (unpack->is_end && unpack->at == unpack->filled)) {
			errno = EBADMSG;
			return -1;
		}
	}
}

/** unpack_close - free what unpack_open() has made */
void unpack_close(struct unpack *unpack)
{
	if (unpack->form)
		unpack->form->end(unpack);
	free(unpack->input);
	free(unpack);
}
