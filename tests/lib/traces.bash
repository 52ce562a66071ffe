# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# bats has a trap on each command that a test executes, which notes where that stands, in case
# it fails. In an emulated machine that is a third of the time of most tests. From bash 4.4 on
# the trap on errors knows the place itself: here it is asked when something has failed, and
# nothing is done before that.
#
# The functions and variables are bats's own, from 1.8 on; an older one is left alone, and so
# is each with BATS_TRACE_LEVEL, which is that of `bats --trace`.

case ${BATS_VERSION:-1.0.0} in
1.[0-7].*) ;;
*)
	if [[ ${BATS_TRACE_LEVEL:-0} -eq 0 ]]; then
		# the first call of it is the last one
		bats_debug_trap() { trap - DEBUG; }

		bats_error_trap() {
			bats_check_status_from_trap
			# the innermost function that fails is the first to come here
			[[ -n ${BATS_DEBUG_LAST_STACK_TRACE_IS_VALID:-} ]] || bats_capture_stack_trace
			BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
		}

		# shellcheck disable=SC2034 # for bats
		bats_timeout_trap() {
			BATS_TIMED_OUT=1
			bats_capture_stack_trace
			BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
			exit 1
		}
	fi
	;;
esac
