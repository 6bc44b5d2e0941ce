#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Complete command lines in bash, zsh and fish, as a user would with the Tab key.
set -u
B=$(cd "${B:-build}" && pwd) || exit 2
H=$B/hosttune
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-completion-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$work/bin" "$work/cwd" "$work/cwd/adir"
ln -s "$H" "$work/bin/hosttune"
touch "$work/cwd/afile.yaml"
PATH=$work/bin:$PATH
export PATH

# Each line: what is typed, "|", words that must be offered, "|", words that must not.
lines() {
	cat <<-'END'
	hosttune aud|audit|apply
	hosttune ap|apply|audit
	hosttune --ro|--root|--interval
	hosttune audit --|--root --output --verbose|--interval --source
	hosttune watch --int|--interval|--root
	hosttune audit -o j|json junit|text
	hosttune --root /tmp show -o |text json|junit prometheus
	hosttune audit --output=pro|prometheus|json
	hosttune audit --root ad|adir|afile.yaml
	hosttune audit --root=ad|adir|afile.yaml
	hosttune validate --facts af|afile.yaml|adir
	hosttune audit nfs|nfs-server|local-pv
	hosttune audit afi|afile.yaml|nfs-server
	hosttune profiles |nfs-server local-pv|afile.yaml
	hosttune userdata --format ka|karpenter|eksctl
	hosttune help wat|watch|audit
	hosttune audit --only s|sysctl storage setting|module
	hosttune explain DiskRo|DiskRoot|DiskEbs
	hosttune explain vm.swap|vm.swappiness|vm.dirty_bytes
	hosttune explain storage.w|storage.wipe|storage.mkfs
	hosttune completion |bash zsh fish|audit
	END
}

# Does the list of words, one on a line with anything around it, have the word?
has() { grep -Eq "(^|[^a-zA-Z0-9_.-])$(echo "$1" | sed 's/[.]/[.]/g')([^a-zA-Z0-9_.-]|\$)" "$2"; }

# judge SHELL LINE OFFERED NOT-OFFERED FILE
judge() {
	fault=
	for word in $3; do
		has "$word" "$5" || fault="$fault, no $word"
	done
	for word in $4; do
		! has "$word" "$5" || fault="$fault, but $word"
	done
	if [ "$fault" ]; then
		echo "not ok - $1: $2$fault"
		sed 's/^/# /' "$5" | head -n 20
	else
		echo "ok - $1: $2"
	fi
}

# each SHELL: complete all lines. complete_SHELL writes what is offered for line N to $work/N.
each() {
	if ! command -v "$1" >/dev/null; then
		echo "ok - completion in $1 # SKIP no $1"
		return
	fi
	rm -f "$work"/[0-9]*
	(cd "$work/cwd" && "complete_$1") >"$work/log" 2>&1 </dev/null
	n=0
	lines | while IFS='|' read -r line offered not_offered; do
		n=$((n + 1))
		[ -f "$work/$n" ] || cp "$work/log" "$work/$n"
		judge "$1" "$line" "$offered" "$not_offered" "$work/$n"
	done
}

# bash has no command for it: set what the Tab key sets, and call the registered function.
complete_bash() {
	# shellcheck disable=SC2016 # variables of that bash
	lines | timeout 60 bash --norc -c '
		source "$1"
		fn=$(complete -p hosttune | sed "s/.*-F \([^ ]*\).*/\1/")
		n=0
		while IFS="|" read -r line _; do
			COMP_LINE=$line COMP_POINT=${#line}
			# as readline does: split at blanks and COMP_WORDBREAKS
			read -ra COMP_WORDS <<<"${line//=/ = }"
			[[ $line != *" " ]] || COMP_WORDS+=("")
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			"$fn" hosttune "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
			n=$((n + 1))
			printf "%s\n" "${COMPREPLY[@]}" >"$2/$n"
		done
	' bash "$work/hosttune.bash" "$work"
}

complete_fish() {
	# shellcheck disable=SC2016 # variables of fish
	lines | timeout 60 fish --no-config -c '
		source $argv[1]
		set n 0
		while read -l line
			set n (math $n + 1)
			complete -C (string replace -r "\\|.*" "" -- $line) | string replace -r "\\t.*" "" >$argv[2]/$n
		end
	' "$work/hosttune.fish" "$work"
}

# A zsh on a terminal, in which Tab lists what is offered.
complete_zsh() {
	# shellcheck disable=SC2016 # variables of zsh
	lines | timeout 60 zsh -f -c '
		zmodload zsh/zpty
		zpty z "PS1= TERM=dumb zsh -f -i"
		zpty -w z "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D"
		zpty -w z "bindkey \"^I\" list-choices; LISTMAX=0; COLUMNS=200; LINES=2000; PS1=rea\"dy>\""
		# the editor prints its prompt when it reads the terminal: before, the terminal echoes
		zpty -r z text "*ready>*"
		n=0
		while IFS="|" read -r line rest; do
			((n++))
			zpty -w -n z "$line"$2
			# the line itself, what is offered, and the line again
			zpty -r z text "*${(b)line}*${(b)line}*"
			print -r -- "$text" | grep -v "hosttune " >$4/$n
			zpty -w -n z $3
		done
	' zsh "$work/fpath" "$(printf '\t')" "$(printf '\025')" "$work"
}

for shell in bash zsh fish; do
	if "$H" completion "$shell" >"$work/hosttune.$shell" &&
		cmp -s "$work/hosttune.$shell" "$here/packaging/completion/hosttune.$shell"; then
		echo "ok - hosttune completion $shell"
	else
		echo "not ok - hosttune completion $shell"
	fi
done
# What the scripts ask for: offers EXPECTED WORD... compares the first column.
offers() {
	want=$1
	shift
	got=$("$H" __complete "$@" | cut -f 1 | tr '\n' ' ')
	[ "$got" = "$want" ] || echo "not ok - __complete $*: $got, should be $want"
	[ "$got" != "$want" ] || echo "ok - __complete $*"
}
offers ':dirs ' audit --root ''
offers ':files ' audit -o json=
offers 'json junit ' audit -vo j
offers '--output=json --output=junit ' audit --output=j
offers ':files ' audit -- -
offers ':files ' audit -- --output=
offers 'nfs-server :files ' audit -- nfs
offers '' nosuch ''
offers '' audit --nosuch=
offers '' audit --interval=
offers ':files ' validate --facts x -o junit=
offers 'audit ' --root / aud
offers 'audit ' --root=/ aud
offers '' --root aud aud ''

mkdir "$work/fpath"
cp "$work/hosttune.zsh" "$work/fpath/_hosttune"
each bash
each zsh
each fish
