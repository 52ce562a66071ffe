// SPDX-License-Identifier: GPL-2.0
#include "moment.h"
#include "moment_json.h"

/**
 * json_add_moment - set two members to a point in time: for people, and for programs
 * @to: an object
 * @name: the member with the date
 * @number: the one with the milliseconds since 1970
 * @milli: when; both are null if it is 0
 */
void json_add_moment(struct json_object *to, const char *name, const char *number, uint64_t milli)
{
	char text[MOMENT_TEXT];

	moment_utc(milli, text);
	json_add_text(to, name, milli ? text : NULL);
	json_add(to, number, milli ? json_object_new_uint64(milli) : NULL);
}
