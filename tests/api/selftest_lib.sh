#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Functions of selftest.sh, which sets stub and dir.
# shellcheck disable=SC2154,SC2034 # stub and dir; what the parts of selftest.sh use

passed=0
failed=0
skipped=0

stop_all() {
	for pid_file in "$dir"/*.pid; do
		[ -e "$pid_file" ] && kill "$(cat "$pid_file")"
	done
}

trap 'stop_all 2>/dev/null; rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# ok DESCRIPTION STATUS-OF-THE-TEST
ok() {
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $((passed + failed)) - $1"
	else
		failed=$((failed + 1))
		echo "not ok $((passed + failed)) - $1"
	fi
}

# is DESCRIPTION GOT EXPECTED
is() {
	[ "$2" = "$3" ]
	ok "$1" $?
	[ "$2" = "$3" ] || printf '# got:      %s\n# expected: %s\n' "$2" "$3"
}

# like DESCRIPTION GOT PATTERN-OF-CASE
like() {
	# shellcheck disable=SC2254 # a pattern on purpose
	case $2 in
	$3) ok "$1" 0 ;;
	*) ok "$1" 1; printf '# got:      %s\n# expected: %s\n' "$2" "$3" ;;
	esac
}

# start NAME OPTION...: start a stub; the calls that follow talk to it
start() {
	name=$1
	shift
	"$stub" --daemonize --pid-file "$dir/$name.pid" --log "$dir/$name.log" "$@" \
		"$dir/$name.sock" || echo "Bail out! no stub $name"
}

stop() {
	kill "$(cat "$dir/$name.pid")"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -e "$dir/$name.sock" ] || return 0
		sleep 0.1
	done
	return 1
}

# ask METHOD TARGET [BODY [CURL-OPTION...]]: sets code, type, body and rc
ask() {
	method=$1
	target=$2
	data=${3-}
	[ $# -gt 2 ] && shift
	shift 2
	[ -n "$data" ] && set -- --data-binary "$data" "$@"
	case $* in
	*Content-Type:*) ;;
	*) set -- -H 'Content-Type: application/json' "$@" ;;
	esac
	meta=$(curl -sS -g --path-as-is --max-time 5 --unix-socket "$dir/$name.sock" \
		-o "$dir/body" -w '%{http_code} %{content_type}' -X "$method" "$@" \
		"http://localhost$target" 2>"$dir/stderr")
	rc=$?
	code=${meta%% *}
	type=${meta#* }
	body=$(cat "$dir/body" 2>/dev/null)
	rm -f "$dir/body"
}

# gives DESCRIPTION JSON METHOD TARGET [BODY]: status 200, members in any order
gives() {
	description=$1
	wanted=$2
	shift 2
	ask "$@"
	is "$description" "$code $(printf %s "$body" | jq -cS .)" \
		"200 $(printf %s "$wanted" | jq -cS .)"
}

get() {
	gives "$1" "$3" GET "$2"
}

# says DESCRIPTION STATUS PATTERN METHOD TARGET [BODY]
says() {
	wanted=$2
	pattern=$3
	description=$1
	shift 3
	ask "$@"
	like "$description" "$code $body" "$wanted $pattern"
}

sorted() {
	printf %s "$body" | jq -cS 'sort'
}
