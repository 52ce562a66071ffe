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

	# a letter is not the same option for each command
	case $command:$prev in
	*:--input | *:-i | *:--config | feed:-c | *:--exe | *:-x)
		_filedir
		return
		;;
	*:--format | *:-f)
		options='text json'
		[[ $command != events ]] || options='text raw csv json ecs ocsf'
		[[ $command != stats ]] || options='text json openmetrics'
		;;
	*:--since | *:--until)
		options='now recent boot today yesterday week-ago this-week this-month this-year'
		;;
	*:--sort | report:-s)
		options='events failed processes lost'
		;;
	*:--success)
		options='yes no'
		;;
	*:--root)
		_filedir -d
		return
		;;
	*:--profile | check:-p)
		options='srg-ctr pci nist'
		;;
	*:--pid | *:-p)
		options=$(ps -A -o pid=)
		;;
	*:--node | *:--type | *:-m | *:--key | *:-k | *:--period | *:--label | *:-l | *:--user | *:-U | *:--syscall | *:-S | *:--top | *:--delay | *:-d)
		return
		;;
	events:-n | tree:-n | sessions:-n | report:-n | top:-n)
		return
		;;
	*)
		case $command in
		'')
			options='register run get list ps top stats rate events report tree sessions monitor adopt save restore setup rules doctor check feed --help --version'
			;;
		register)
			options='--join --tree --label --help'
			if [[ $cur == -* ]]; then
				:
			elif [[ $prev == [0-9]* ]]; then
				options=$(_contidctl_ids)
			else
				options=$(ps -A -o pid=)
			fi
			;;
		run)
			options='--join --label --help --'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		get)
			options='--names --help'
			[[ $cur == -* ]] || options=$(ps -A -o pid=)
			;;
		list)
			options='--json --namespaces --help'
			;;
		ps)
			options='--json --help'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		rate)
			options='--help'
			[[ $cur == -* || $at -ne $((cword - 1)) ]] || options=$(_contidctl_ids)
			;;
		stats)
			options='--json --format --containers --help'
			;;
		top)
			options='--once --json --delay --top --help'
			;;
		doctor)
			options='--json --help'
			;;
		adopt)
			options='--dry-run --json --watch --help'
			;;
		save | restore)
			options='--help'
			[[ $command != save ]] || options='--release --help'
			if [[ $cur != -* ]]; then
				_filedir
				return
			fi
			;;
		feed)
			options='--config --help'
			;;
		check)
			options='--profile --format --input --help'
			;;
		events)
			options='--all --since --until --utc --node --type --key --exe --pid --user --syscall --success --entered --not --follow --format --local-names --input --help'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		report)
			options='--since --until --node --period --sort --top --format --input --help'
			;;
		rules)
			options='--root --help'
			if [[ $cur != -* && $at -eq $((cword - 1)) ]]; then
				options='list show install remove'
			elif [[ $cur != -* ]]; then
				options=$(contidctl rules list 2>/dev/null | awk 'NR > 1 { print $1 }')
			fi
			;;
		tree)
			options='--since --until --node --json --local-names --input --help'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		sessions)
			options='--all --since --until --node --json --local-names --input --help'
			[[ $cur == -* ]] || options=$(_contidctl_ids)
			;;
		setup)
			options='--status --undo --dry-run --root --help'
			[[ $cur == -* ]] || options='docker containerd crio podman lxc incus nspawn nri'
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
