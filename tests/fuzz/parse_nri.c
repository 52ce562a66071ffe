// SPDX-License-Identifier: GPL-2.0
/*
 * What a runtime sends to the plugin of NRI. The input's first byte says what the rest is: all
 * that comes over the socket, or what one method is asked with, twice.
 */
#define _GNU_SOURCE /* memfd_create */
#include <arpa/inet.h>
#include <stdarg.h>

#include <linux/audit_contid.h>

#include "harness.h"
#include "journal.h"
#include "plugin.h"
#include "whole.h"

static const char *const methods[] = { "Configure",	 "Synchronize",	  "StateChange",
				       "StartContainer", "RunPodSandbox", "Shutdown" };

enum { THEY_ASK = 1, WE_ASK, REQUEST = 1, RESPONSE, HEADS = 18 };

bool journal_on_stderr;

void journal(int priority, const char *format, ...)
{
	char line[8192];
	va_list args;

	(void)priority;
	va_start(args, format);
	must(vsnprintf(line, sizeof(line), format, args) < (int)sizeof(line));
	va_end(args);
	must(is_tame(line, strlen(line)));
}

static uint32_t word_at(const char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof(word));
	return ntohl(word);
}

/* The plugin says something: one message in one piece, of fields that can be read. */
bool whole_write(int fd, const char *text, size_t length)
{
	struct bytes message = { (const uint8_t *)text + HEADS, length - HEADS };
	uint32_t line = word_at(text);
	struct field field;

	(void)fd;
	must(length >= HEADS);
	must(line == THEY_ASK || line == WE_ASK);
	must(word_at(text + 4) == length - 8);
	must(word_at(text + 8) == length - HEADS);
	must(text[16] == (line == WE_ASK ? REQUEST : RESPONSE) && !text[17]);
	while (wire_next(&message, &field))
		must(field.number >= 1 && field.number <= 3);
	must(wire_is_whole(&message));
	return true;
}

/* All of it can be read, and ASan sees if it is nobody's. */
static void look_at(struct bytes bytes)
{
	char *text = bytes_text(bytes);

	must(text && strlen(text) <= bytes.length);
	must(!*text || !memcmp(text, bytes.at, bytes.length));
	free(text);
}

static void look_at_all(const struct registrar *registrar, const struct pod *pod,
			const struct container *container)
{
	struct naming naming = {};

	look_at(pod->id);
	look_at(pod->name);
	look_at(pod->uid);
	look_at(pod->space);
	if (container) {
		look_at(container->id);
		look_at(container->pod);
		look_at(container->name);
		look_at(container->image);
	}
	described_naming(&naming, pod, container, registrar->engine);
	for (int i = 0; i < NAMING_PARTS; i++) {
		const char *part = naming.part[i];

		must(!part || (*part && strlen(part) <= AUDIT_CONTID_LABEL_MAX));
	}
	naming_free(&naming);
}

bool registrar_start(const struct registrar *registrar, const struct pod *pod,
		     const struct container *container)
{
	look_at_all(registrar, pod, container);
	return pod->pid % 2;
}

void registrar_find(const struct registrar *registrar, const struct pod *pod,
		    const struct container *container)
{
	look_at_all(registrar, pod, container);
	must(container ? container->pid && container->runs : pod->pid);
}

static void put_word(struct buffer *to, uint32_t word)
{
	word = htonl(word);
	buffer_add(to, &word, sizeof(word));
}

/* A request, as a runtime sends it */
static void ask(struct buffer *to, const char *method, const uint8_t *data, size_t size)
{
	static const uint8_t type_and_flags[] = { REQUEST, 0 };
	struct buffer request = {};

	wire_put_bytes(&request, 1, "nri.pkg.api.v1alpha1.Plugin", 27);
	wire_put_bytes(&request, 2, method, strlen(method));
	wire_put_bytes(&request, 3, data, size);
	put_word(to, THEY_ASK);
	put_word(to, request.length + 10);
	put_word(to, request.length);
	put_word(to, 3);
	buffer_add(to, type_and_flags, sizeof(type_and_flags));
	buffer_add(to, request.at, request.length);
	free(request.at);
}

/* What is put is read again as it was. */
static void look_at_numbers(const uint8_t *data, size_t size)
{
	struct buffer message = {};
	struct bytes left;
	struct field field;
	uint64_t value = 0;

	memcpy(&value, data, size < sizeof(value) ? size : sizeof(value));
	wire_put_number(&message, 1 + value % 1000, value);
	wire_put_bytes(&message, 7, data, size);
	left = (struct bytes){ message.at, message.length };
	must(wire_next(&left, &field) && field.number == 1 + value % 1000 && field.value == value);
	must(wire_next(&left, &field) && field.number == 7 && field.bytes.length == size);
	must(!memcmp(field.bytes.at, data, size));
	must(!wire_next(&left, &field) && wire_is_whole(&left));
	free(message.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct registrar registrar = {};
	struct buffer stream = {};
	struct link link = {};
	const char *wrong, *method;

	if (size < 2)
		return 0;
	look_at_numbers(data + 1, size - 1);
	if (data[0] % 2) {
		buffer_add(&stream, data + 1, size - 1);
	} else {
		method = methods[data[0] / 2 % 6];
		ask(&stream, method, data + 1, size - 1);
		ask(&stream, method, data + 1, size - 1);
	}
	link.fd = input_file(stream.at, stream.length);
	wrong = plugin_run(&link, &registrar);
	must(wrong && is_tame(wrong, strlen(wrong)));
	/* the file stays for the next input */
	link.fd = -1;
	link_close(&link);
	free(registrar.engine);
	free(stream.at);
	return 0;
}
