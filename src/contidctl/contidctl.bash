# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Completion for contidctl, by bash-completion: commands, options, and the IDs of
# live containers where they can be read.

_contidctl_ids() {
	contidctl list --json 2>/dev/null |
		grep -oE '"contid": *"[0-9a-f-]{36}"' | grep -oE '[0-9a-f-]{36}'
}

_contidctl() {
	local cur prev words cword command='' options='' at

	_init_completion -n = || return
	for ((at = 1; at < cword; at++)); do
		case ${words[at]} in
		-*) ;;
		*)
			command=${words[at]}
			break
			;;
		esac
	done
	# what run starts has completions of its own
	if [[ $command == run ]]; then
		for ((at = 2; at < cword; at++)); do
			if [[ ${words[at]} == -- ]]; then
				_command_offset $((at + 1))
				return
			fi
		done
	fi

	case $prev in
	--input | -i)
		_filedir
		return
		;;
	--format | -f)
		options='text json'
		[[ $command != events ]] || options='text raw csv json'
		;;
	--since | --until)
		options='now today yesterday'
		;;
	--type | -m | --key | -k)
		return
		;;
	*)
		case $command in
		'')
			options='register run get list stats events report monitor adopt save restore --help --version'
			;;
		register)
			options='--join --tree --help'
			if [[ $cur == -* ]]; then
				:
			elif [[ $prev == [0-9]* ]]; then
				options=$(_contidctl_ids)
			else
				options=$(ps -A -o pid=)
			fi
			;;
		run)
			options='--join --help --'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		get)
			options='--help'
			[[ $cur == -* ]] || options=$(ps -A -o pid=)
			;;
		list)
			options='--json --namespaces --help'
			;;
		stats)
			options='--json --help'
			;;
		adopt)
			options='--dry-run --json --help'
			;;
		save | restore)
			options='--help'
			[[ $command != save ]] || options='--release --help'
			if [[ $cur != -* ]]; then
				_filedir
				return
			fi
			;;
		events)
			options='--since --until --type --key --format --input --help'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		report)
			options='--format --input --help'
			;;
		monitor)
			options='--help'
			;;
		esac
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
}

complete -F _contidctl contidctl
