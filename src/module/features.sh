#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# features.sh HEADER COMPILER ARGUMENT...: writes HEADER, which says what the target
# kernel has: CONTID_HAS_NAME for each features/NAME.c that compiles. So it is the thing
# itself that is looked for, wherever a header has it and whatever the version is.
# Called by Kbuild with the compiler and the flags that the module is built with.
set -u
header=$1
shift
dir=$(dirname "$0")/features
out=$header.$$
trap 'rm -f "$out"' EXIT

# compiles NAME COMPILER ARGUMENT...
compiles() {
	probe=$dir/$1.c
	shift
	"$@" -fsyntax-only -x c "$probe"
}

if ! compiles sanity "$@" >"$out" 2>&1; then
	cat "$out" >&2
	echo "audit_contid: the compiler cannot compile what every kernel has. Are the kernel's" \
		"headers whole, and is this the compiler that they are for?" >&2
	exit 1
fi
if compiles absent "$@" >"$out" 2>&1; then
	echo "audit_contid: the compiler takes what no kernel has, so it cannot tell what this" \
		"one has: $*" >&2
	exit 1
fi
{
	echo '/* SPDX-License-Identifier: GPL-2.0 */'
	echo '/* Made by features.sh: what the target kernel has. */'
	for file in "$dir"/*.c; do
		name=$(basename "$file" .c)
		case $name in
		sanity | absent) continue ;;
		esac
		! compiles "$name" "$@" >/dev/null 2>&1 ||
			echo "#define CONTID_HAS_$(echo "$name" | tr '[:lower:]' '[:upper:]')"
	done
} >"$out"
mv "$out" "$header"
