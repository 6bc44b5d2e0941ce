#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check that no command replaces a file that it reads, and that no two results go to one file.
set -u
LC_ALL=C
export LC_ALL
B=$(cd "${B:-build}" && pwd) || exit 2
H=$B/hosttune
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-files-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

. tests/tap.sh

# A directory with a file of each kind; what holds for one that is invalid holds for all.
make_files() {
	rm -rf "$work/files"
	mkdir -p "$work/files/root/proc" "$work/files/reports/sub" "$work/files/bundle/files" "$work/files/dir"
	cd "$work/files" || exit 2
	echo 'version: 1' | tee valid.yaml dir/valid.yaml dir/named.yaml >part.yaml
	echo '{version: 1, include: [part.yaml]}' >profile.yaml
	echo '{version: 1, include: [part.yaml], unknown: 1}' >invalid.yaml
	for file in log node.tar facts.yaml rules.yaml before.json after.json sysctl.conf reports/n1.json \
		bundle/manifest.json bundle/files/proc "a file"; do
		echo "$file" >"$file"
	done
	ln -s ../part.yaml dir/link.yaml
	ln -s reports link
}

# Command lines; the shell reads them in that directory.
refused() {
	cat <<-'END'
		diagnose --kmsg log -o json=log
		diagnose --kmsg - -o json=log <log
		diagnose --kmsg /dev/stdin -o json=log <log
		diagnose --journal log -o junit=log
		diagnose --kmsg x --rules rules.yaml --rules x -o json=rules.yaml
		diagnose --kmsg x --rules x --rules rules.yaml -o json=./rules.yaml
		diagnose --bundle node.tar -o json=node.tar
		diagnose --bundle bundle -o json=bundle/manifest.json
		facts --bundle bundle -o json=bundle/files/proc
		audit --bundle node.tar -o html=node.tar valid.yaml
		audit --no-api --root root -o html=valid.yaml valid.yaml
		audit --no-api --root root -o html=part.yaml profile.yaml
		audit --no-api --root root -o html=part.yaml dir/link.yaml
		audit --no-api --root root --profile-dir dir -o html=dir/named.yaml named
		audit --no-api --root root -o npd -o json=part.yaml profile.yaml
		audit --no-api --root root -o json=valid.yaml - <valid.yaml
		validate -o json=part.yaml profile.yaml
		validate -o json=part.yaml invalid.yaml
		validate --facts facts.yaml -o json=facts.yaml valid.yaml
		show --no-api --facts facts.yaml -o json=facts.yaml valid.yaml
		userdata --native -o json=valid.yaml valid.yaml
		import -o json=sysctl.conf sysctl.conf
		report -o json=before.json after.json before.json
		report -o json=reports/n1.json reports
		report -o json=reports/new.json link/
		report -o text=link/n1.json reports
		baseline compare -o json=before.json before.json
		baseline compare -o json=after.json before.json after.json
		baseline save --no-api --root root valid.yaml valid.yaml
		baseline save --no-api --root root part.yaml profile.yaml
		baseline save --no-api --root root --file "$PWD/a file" --file /x "a file"
		collect node.tar valid.yaml node.tar
		watch -n --no-api --root root --metrics-file valid.yaml valid.yaml
		watch -n --no-api --root root --npd-file valid.yaml valid.yaml
		watch -n --no-api --root root --npd-file part.yaml profile.yaml
		watch -n --no-api --root root --npd-file rules.yaml --rules rules.yaml valid.yaml
	END
}
twice() {
	cat <<-'END'
		audit --no-api --root root -o json=x -o html=./x valid.yaml
		watch -n --no-api --root root --metrics-file x --npd-file ./x valid.yaml
		watch -n --no-api --root root --metrics-file link/x --npd-file reports/x valid.yaml
	END
}
accepted() {
	cat <<-'END'
		report -o html=reports/n1.html reports
		report -o text=reports/sub/x.json reports
		audit --no-api --root root -o json=dir/valid.yaml valid.yaml
		audit --no-api --root root -o json=named -o html=x valid.yaml
		baseline compare -o json=compare before.json after.json
		audit --no-api --root root -o json=x - <valid.yaml
	END
}

# run LINE: run it as a user types it; what it prints is in $work/printed.
run() {
	code=0
	make_files
	(cd "$work/files" && eval "timeout 10 '$H' $1") >"$work/printed" 2>&1 </dev/null || code=$?
}

# is_refused TEXT LINE: it is a usage error with this text, and every file is as before.
is_refused() {
	run "$2"
	cp -a "$work/files" "$work/after"
	make_files
	diff -r --no-dereference "$work/files" "$work/after"
	same=$?
	rm -rf "$work/after"
	cat "$work/printed"
	[ "$code:$same" = 2:0 ] && grep -q "^hosttune: .*: $1\$" "$work/printed"
}
is_accepted() {
	run "$1"
	cat "$work/printed"
	! grep -q 'this file is' "$work/printed"
}

# each TEST LIST: run the test for each line of the list.
each() {
	"$2" >"$work/lines"
	while read -r line <&3; do
		check "${2}: $line" "$1" "$line"
	done 3<"$work/lines"
}
is_read() { is_refused 'this file is read by the same run' "$1"; }
is_twice() { is_refused 'this file is given twice' "$1"; }
each is_read refused
each is_twice twice
each is_accepted accepted

summary
