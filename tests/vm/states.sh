# shellcheck shell=sh disable=SC2154,SC2034 # hosttune, work, title: the caller's; states: for it
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For scripts that look at the state of each resource: $hosttune runs with the profile
# $work/profile.yaml; $title is what is shown. Source it after guest.sh.

# run STATUS COMMAND...: hosttune; "KIND NAME STATE REASON" of each resource is in $states.
run() {
	expected=$1
	shift
	status=0
	"$hosttune" "$@" "$work/profile.yaml" -o json >"$work/report" 2>"$work/err" || status=$?
	states=$(jq -r '.resources[] | "\(.kind) \(.name) \(.state) \(.reason // "")"' "$work/report" 2>&1)
	t_is "exit status of $* ($title)" "$expected" "$status"
	[ "$status" = "$expected" ] || cat "$work/err" "$work/report"
}
