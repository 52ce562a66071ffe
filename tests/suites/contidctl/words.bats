#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What contidctl says of itself, what bash completes and what the manual page has
# are the same commands and options.
# depends on: neither. It compares programs and documents.
# vm: none

bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/traces.bash
. "$BATS_TEST_DIRNAME/../../lib/traces.bash"

setup() {
	[ "$(commands | wc -l)" -ge 11 ]
}

top=$BATS_TEST_DIRNAME/../../..

commands() { contidctl --help | sed -nE 's/^  contidctl ([a-z]+) .*/\1/p' | sort; }

# option_lines COMMAND: how its help begins the line of each option, as "-m, --type TYPE"
option_lines() {
	contidctl "$1" --help | sed -nE 's/^  (-[a-zA-Z], |    )(--[a-z-]+( [A-Z]+)?)  .*/\1\2/p' |
		sed 's/^ *//'
}

# options COMMAND: in its help
# There is at least one, --help.
options() { option_lines "$1" | grep -oE -- '--[a-z-]+' | sort -u; }

# page_section COMMAND: of contidctl(8)
page_section() {
	awk -v command="$1" '/^\.S[sh] / { in_it = $0 ~ "^\\.Ss contidctl " command "( |$)" } in_it' \
		"$top/src/man/contidctl.8"
}

# completed WORD...: what bash offers behind these
completed() {
	bash -c '
		_init_completion() { cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD; }
		_filedir() { :; }
		. "$1"
		shift
		COMP_WORDS=(contidctl "$@")
		COMP_CWORD=$#
		COMPREPLY=()
		_contidctl
		printf "%s\n" "${COMPREPLY[@]}"' bash "$top/src/contidctl/contidctl.bash" "$@" | sort -u
}

@test "bash completes the commands that --help lists" {
	diff <(completed '' | grep -v '^--') <(commands)
}

@test "bash completes the options that each command's --help lists" {
	for command in $(commands); do
		diff <(completed "$command" -- | grep '^--.') <(options "$command") || {
			echo "of $command"
			false
		}
	done
}

@test "bash completes what stands behind a short option as behind the long one" {
	[ "$(completed report -s '' | xargs)" = "events failed lost processes" ]
	[ "$(completed check -p '' | xargs)" = "nist pci srg-ctr" ]
	# these have no argument, and what follows is the command's
	[ "$(completed setup -n '')" = "$(completed setup '')" ]
	[ "$(completed stats -c --)" = "$(completed stats --)" ]
	# text of one's own
	for command in register run; do
		[ -z "$(completed $command -l '')" ]
	done
	[ -z "$(completed report -n '')" ]
	[ "$(completed restore --)" = --help ]
}

# page_options COMMAND: the same from the manual page
page_options() {
	page_section "$1" | sed -nE 's/\\//g; s/^\.It Fl ([a-zA-Z] , )?-([a-z-]+)/\1--\2/p' |
		sed -E 's/^([a-zA-Z]) , /-\1, /; s/ Ar / /'
}

# page_synopsis COMMAND: its lines in the manual page's SYNOPSIS
page_synopsis() {
	awk -v command="$1" '/^\.Sh DESCRIPTION/ { exit }
		/^\.Nm/ { getline; in_it = $0 == ".Cm " command } in_it' "$top/src/man/contidctl.8" |
		sed 's/\\//g'
}

@test "the manual page has a section for each command, with the options of --help" {
	for command in $(commands); do
		page_section "$command" | grep -q .
		diff <(option_lines "$command" | grep -v -- --help | sort) \
			<(page_options "$command" | sort) || {
			echo "of $command"
			false
		}
	done
}

@test "the manual page's synopsis has each option, and --help's first line, too" {
	for command in $(commands); do
		for option in $(options "$command"); do
			[[ $option != --help ]] || continue
			# without it the command asks for it
			if [ "$command$option" = check--profile ]; then
				page_synopsis check | grep -qx '\.Fl -profile Ar NAME'
				contidctl check --help | head -n 1 | grep -q 'check --profile NAME \['
				continue
			fi
			page_synopsis "$command" | grep -qE -- "^\.Op Fl ${option#-}( |$)"
			contidctl "$command" --help | head -n 1 | grep -qF -- "[$option"
		done
	done
}

@test "each option of --help is understood, as a word and as a letter" {
	for command in $(commands); do
		for option in $(option_lines "$command" | sed 's/ [A-Z]*$//; s/,//'); do
			# with --help behind it nothing is done; an argument may be wrong
			run contidctl "$command" "$option" --help
			[[ $output != *"unrecognized option"* && $output != *"invalid option"* ]]
		done
	done
}

@test "no line of --help but that of usage is longer than a terminal's" {
	for command in $(commands); do
		contidctl "$command" --help | sed 1d |
			awk 'length > 80 { print; found = 1 } END { exit found }'
	done
}
