// SPDX-License-Identifier: GPL-2.0
#include "auparse_buffer.h"

/**
 * auparse_buffer_new - begin to read a text
 * @text: one or more records
 *
 * Return: NULL without memory.
 */
auparse_state_t *auparse_buffer_new(const char *text)
{
	auparse_state_t *au = auparse_init(AUSOURCE_BUFFER, text);

	if (au)
		auparse_set_escape_mode(au, AUPARSE_ESC_TTY);
	return au;
}

/**
 * auparse_buffer_set - go on with another text
 * @au: the reader, or another one
 * @text: one or more records, with room for a byte behind them
 * @len: without that byte
 *
 * Return: false without memory; the reader is then as it was.
 */
#ifdef HAVE_AUPARSE_NEW_BUFFER
bool auparse_buffer_set(auparse_state_t **au, char *text, size_t len)
{
	return !auparse_new_buffer(*au, text, len);
}
#else
/* In libauparse 3.0 a reader has one text for good. */
bool auparse_buffer_set(auparse_state_t **au, char *text, size_t len)
{
	auparse_state_t *other;

	text[len] = '\0';
	other = auparse_buffer_new(text);
	if (!other)
		return false;
	auparse_destroy(*au);
	*au = other;
	return true;
}
#endif
