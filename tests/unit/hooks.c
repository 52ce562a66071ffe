// SPDX-License-Identifier: GPL-2.0
/*
 * hooks FILE...: what is added to a container's configuration, and that nothing else of
 * it changes. Each FILE is one as an engine writes it, in one line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "hooks.h"

#define PROGRAM "/usr/libexec/audit-contid/" HOOK_NAME
#define HOOK	"{\"path\":\"" PROGRAM "\",\"args\":[\"" HOOK_NAME "\"],\"timeout\":30}"
#define STOP	"\"poststop\":[" HOOK "]"
#define HOOKS	"\"hooks\":{\"createRuntime\":[" HOOK "]," STOP "}"

static int failed;

static void check(bool ok, const char *what, const char *in, const char *out)
{
	if (ok)
		return;
	failed++;
	printf("hooks: %s: %.400s -> %.4000s\n", what, in, out ?: "nothing");
}

/* What becomes of @text, or what is said of it; to be freed. */
static char *after(const char *text, size_t length)
{
	struct json_object *config;
	const char *wrong, *again;
	bool added = false;
	char *out;

	wrong = exact_parse(text, length, &config);
	if (!wrong)
		wrong = hooks_add(config, PROGRAM, &added);
	if (!wrong && !added)
		wrong = "nothing";
	out = strdup(
		wrong ?:
			json_object_to_json_string_ext(
				config, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	/* the second time it is there */
	again = wrong ?: hooks_add(config, PROGRAM, &added);
	check(wrong || (!again && !added), "added twice", text, out);
	json_object_put(config);
	return out;
}

static const struct {
	const char *in;
	const char *out;
} cases[] = {
	{ "{}", "{" HOOKS "}" },
	{ " {\n\t\"a\" : [ ] , \"b\":{ } }\r\n", "{\"a\":[],\"b\":{}," HOOKS "}" },
	{ "{\"hooks\":null}", "{" HOOKS "}" },
	{ "{\"hooks\":{\"createRuntime\":null}}", "{" HOOKS "}" },
	{ "{\"hooks\":{\"createRuntime\":[{\"path\":\"/x\"}],\"poststop\":[]}}",
	  "{\"hooks\":{\"createRuntime\":[{\"path\":\"/x\"}," HOOK "]," STOP "}}" },
	{ "{" HOOKS "}", "nothing" },
	{ "{\"hooks\":{\"createRuntime\":[{\"path\":\"/usr/local/libexec/" HOOK_NAME "\"}]," STOP
	  "}}",
	  "nothing" },
	{ "{\"hooks\":{\"createRuntime\":[" HOOK "]}}", "{" HOOKS "}" },
	{ "{\"hooks\":{\"createRuntime\":[1,\"" PROGRAM "\",{\"path\":2}]}}",
	  "{\"hooks\":{\"createRuntime\":[1,\"" PROGRAM "\",{\"path\":2}," HOOK "]," STOP "}}" },
	{ "{\"n\":[0,-1,18446744073709551615,-9223372036854775808,1.10,1E400,-2.5e-07,0.1]}",
	  "{\"n\":[0,-1,18446744073709551615,-9223372036854775808,1.10,1E400,-2.5e-07,0.1]," HOOKS
	  "}" },
	{ "{\"s\":\"/\\/ \\\"\\\\ \\u003c \xc3\xa9\xe4\xb8\x96 \\ud83d\\ude00\"}",
	  "{\"s\":\"// \\\"\\\\ < \xc3\xa9\xe4\xb8\x96 \xf0\x9f\x98\x80\"," HOOKS "}" },
	{ "{\"t\":[true,false,null,[[]],{}],\"\":\"\"}",
	  "{\"t\":[true,false,null,[[]],{}],\"\":\"\"," HOOKS "}" },

	{ "{\"n\":18446744073709551616}", "a number in it has more than 64 bits" },
	{ "{\"n\":123456789012345678901234}", "a number in it has more than 64 bits" },
	{ "{\"n\":-9223372036854775809}", "a number in it has more than 64 bits" },
	{ "{\"a\":1,\"a\":2}", "an object in it has two members with one name" },
	{ "{\"a\":{\"b\":1},\"c\":[{\"b\":1,\"b\":1}]}",
	  "an object in it has two members with one name" },
	{ "{\"a\\u0000b\":1}", "a member's name in it has a NUL" },
	{ "{\"a\":\"b\\u0000c\",\"d\":1}", "{\"a\":\"b\\u0000c\",\"d\":1," HOOKS "}" },
	{ "{\"hooks\":[]}", "its hooks are no object" },
	{ "{\"hooks\":\"x\"}", "its hooks are no object" },
	{ "{\"hooks\":{\"createRuntime\":{}}}", "its hooks.createRuntime is no array" },
	{ "{\"hooks\":{\"poststop\":{}}}", "its hooks.poststop is no array" },
	{ "{\"hooks\":{\"createRuntime\":7}}", "its hooks.createRuntime is no array" },
	{ "[]", "it is no JSON object" },
	{ "3", "it is no JSON object" },
	{ "null", "it is no JSON object" },
	{ "", "it is empty" },
	{ " \n", "it is cut off" },
	{ "{", "it is cut off" },
	{ "{\"a\":\"b", "it is cut off" },
	{ "{\"a\":\"b\\", "it is cut off" },
	{ "{\"a\":[1,2", "it is cut off" },
	{ "{} {}", "it is not JSON" },
	{ "{}x", "it is not JSON" },
	{ "{'a':1}", "it is not JSON" },
	{ "{\"a\":1,}", "it is not JSON" },
	{ "{\"a\":[1,]}", "it is not JSON" },
	{ "{\"a\":[,1]}", "it is not JSON" },
	{ "{\"a\" 1}", "it is not JSON" },
	{ "{\"a\":1 \"b\":2}", "it is not JSON" },
	{ "{\"a\":01}", "it is not JSON" },
	{ "{\"a\":1.}", "it is not JSON" },
	{ "{\"a\":.5}", "it is not JSON" },
	{ "{\"a\":+1}", "it is not JSON" },
	{ "{\"a\":-}", "it is not JSON" },
	{ "{\"a\":1e}", "it is not JSON" },
	{ "{\"a\":1-2}", "it is not JSON" },
	{ "{\"a\":truefalse}", "it is not JSON" },
	{ "{\"a\":NaN}", "it is not JSON" },
	{ "{\"a\":-Infinity}", "it is not JSON" },
	{ "{\"a\":True}", "it is not JSON" },
	{ "{\"a\":\"\n\"}", "it is not JSON" },
	{ "{\"a\":\"\\x\"}", "it is not JSON" },
	{ "{/* b */\"a\":1}", "it is not JSON" },
	{ "// b\n{\"a\":1}", "it is not JSON" },
	{ "\xef\xbb\xbf{}", "it is not JSON" },
};

static void check_deep(int depth, const char *said)
{
	char text[4096] = "{\"a\":", *out;

	for (int i = 0; i < depth; i++)
		strcat(text, "[");
	for (int i = 0; i < depth; i++)
		strcat(text, "]");
	strcat(text, "}");
	out = after(text, strlen(text));
	check(said ? !strcmp(out, said) : strstr(out, HOOKS) != NULL, "depth", text, out);
	free(out);
}

/* All of it is there again, byte for byte, and the hook where it belongs. */
static void check_file(const char *path)
{
	static char text[1 << 20], expected[1 << 20];
	const char *mark = "\"hooks\":{", *at;
	FILE *file = fopen(path, "r");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	char *out;

	if (file)
		fclose(file);
	if (length)
		text[--length] = '\0';
	at = strstr(text, mark);
	if (at) {
		/* behind the hooks that are there */
		at = strstr(at, "]}]}") + strlen("]}]");
		snprintf(expected, sizeof(expected), "%.*s,\"createRuntime\":[" HOOK "]," STOP "%s",
			 (int)(at - text), text, at);
	} else {
		snprintf(expected, sizeof(expected), "%.*s," HOOKS "}", (int)length - 1, text);
	}
	out = after(text, length);
	check(length && !strcmp(out, expected), path, expected, out);
	free(out);
}

int main(int argc, char **argv)
{
	char *out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		out = after(cases[i].in, strlen(cases[i].in));
		check(!strcmp(out, cases[i].out), "case", cases[i].in, out);
		free(out);
	}
	out = after("{\"a\0\":1}", strlen("{\"a") + strlen("\":1}") + 1);
	check(!strcmp(out, "it is not JSON"), "NUL", "{\"a\\0\":1}", out);
	free(out);
	check_deep(60, NULL);
	check_deep(64, "it is more than 64 deep");
	for (int i = 1; i < argc; i++)
		check_file(argv[i]);
	printf("hooks: %d failed\n", failed);
	return failed ? 1 : 0;
}
