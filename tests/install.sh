#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Check what `make install` installs, how the program is hardened, and the examples.
set -u
B=${B:-build}
MAKE=${MAKE:-make}
dest=$(mktemp -d)
trap 'rm -rf --one-file-system "$dest"' EXIT

check() {
	name=$1
	shift
	if "$@" >/dev/null 2>&1; then echo "ok - $name"; else echo "not ok - $name"; fi
}

# shellcheck source=tests/elf.sh
. tests/elf.sh
elf_has() { readelf -W "$1" "$dest/usr/bin/hosttune" | grep -q "$2"; }

"$MAKE" --no-print-directory B="$B" DESTDIR="$dest" prefix=/usr install
check "program installed" test -x "$dest/usr/bin/hosttune"
check "profiles installed" test -f "$dest/usr/share/hosttune/profiles/nfs-server.yaml"
check "manual page installed" test -f "$dest/usr/share/man/man8/hosttune.8"
check "completion for bash installed" test -f "$dest/usr/share/bash-completion/completions/hosttune"
check "completion for zsh installed" test -f "$dest/usr/share/zsh/site-functions/_hosttune"
check "completion for fish installed" test -f "$dest/usr/share/fish/vendor_completions.d/hosttune.fish"
check "installed program runs" "$dest/usr/bin/hosttune" --version
for profile in "$dest"/usr/share/hosttune/profiles/*.yaml; do
	check "valid: $(basename "$profile")" "$dest/usr/bin/hosttune" validate "$profile"
done
# shellcheck disable=SC2016 # backquotes of Markdown
sed -n '/^```yaml/,/^```/p' README.md | grep -v '^```' >"$dest/readme.yaml"
check "docs/profiles.md is current (make docs)" \
	sh -c "docs/profiles.sh '$dest/usr/bin/hosttune' | cmp - docs/profiles.md"
for page in reasons rules sysctls; do
	check "docs/$page.md is current (make docs)" \
		sh -c "docs/explain.sh '$dest/usr/bin/hosttune' $page | cmp - docs/$page.md"
done
check "the README's profile is valid" "$dest/usr/bin/hosttune" validate "$dest/readme.yaml"
# "Word|Sentence." for each reason of a table, as the manual page prints it.
reasons() {
	printf '#define R(id, word, states, text, ...) @@ word|text\n#include "%s"\n' "$1" |
		cc -E -P -Ilib -xc - | tr '\n' ' ' | sed 's/@@/\n/g' |
		sed -n 's/" *"//g; s/^ *"\([A-Za-z]*\)"|"\(.*\)" *$/\1|\2/p' |
		awk -F'|' '{ print $1 "|" toupper(substr($2, 1, 1)) substr($2, 2) "." }'
}
{
	reasons resource/reason.def
	reasons storage/block/disk_reason.def
} >"$dest/reasons"
sed 's/\\-/-/g' packaging/hosttune.8 | awk '
	/^\.B Disk|^\.B [A-Z]/ { word = $2; getline; print word "|" $0 }' >"$dest/documented"
check "there are reasons" test "$(wc -l <"$dest/reasons")" -gt 60
while IFS= read -r line; do
	check "reason ${line%%|*} is in the manual page" grep -qxF "$line" "$dest/documented"
done <"$dest/reasons"

# --- examples of packaging/ ---------------------------------------------------------------

sed -n 's/^user-data = "\(.*\)"$/\1/p' packaging/user-data/host-container.toml |
	base64 -d >"$dest/host-container.yaml"
check "the example has user data" test -s "$dest/host-container.yaml"
check "the host container's profile is valid" "$dest/usr/bin/hosttune" validate "$dest/host-container.yaml"
for unit in "$dest"/usr/lib/systemd/system/hosttune-*; do
	check "installed: ${unit##*/}" grep -qs '^\[Unit\]' "$unit"
	sed "s|=/usr/bin/hosttune|=$dest/usr/bin/hosttune|" "$unit" >"$dest/${unit##*/}"
done
for unit in "$dest"/hosttune-*; do
	check "systemd-analyze accepts ${unit##*/}" systemd-analyze verify --man=no "$unit"
done
# 10 is a service without any protection; an apply needs most rights. The units allow what some
# profile needs; the program keeps what its own needs.
exposure() { systemd-analyze security --offline=yes --threshold="$2" "$dest/hosttune-$1.service"; }
check "the audit unit is protected" exposure audit 64
check "the watch unit is protected" exposure watch 84
check "the apply unit is protected" exposure apply 84
check "the unit's stop leaves the audit to the watch" grep -qx KillMode=mixed packaging/systemd/hosttune-watch.service


# --- another prefix, and uninstall --------------------------------------------------------

"$MAKE" --no-print-directory B="$B" DESTDIR="$dest/other" prefix=/opt/x sysconfdir=/opt/etc install >/dev/null
check "the units know the prefix" grep -q '^ExecStart=/opt/x/bin/hosttune apply /opt/etc/hosttune/' \
	"$dest/other/opt/x/lib/systemd/system/hosttune-apply.service"
"$MAKE" --no-print-directory B="$B" DESTDIR="$dest/other" prefix=/opt/x uninstall >/dev/null
check "uninstall removes the program" test ! -e "$dest/other/opt/x/bin/hosttune" -a -d "$dest/other"
check "uninstall leaves no file" test -z "$(find "$dest/other" -type f)"
check "uninstall leaves no directory of hosttune" test -z "$(find "$dest/other" -name '*hosttune*')"

check_hardened "hardened" "$dest/usr/bin/hosttune" "$dest/usr/bin/hosttune"
check_branches "hardened" "$dest/usr/bin/hosttune" "$B/lib/base/text/buf.o"
check "hardened: fortified" elf_has --dyn-syms _chk@
# the flags that leave no mark elsewhere
producer() { readelf --debug-dump=info "$B/lib/base/text/buf.o" | grep -m 1 -q -- "DW_AT_producer.*$1"; }
for flag in -fstack-clash-protection -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks \
	-fno-strict-overflow -fno-strict-aliasing; do
	check "hardened: $flag" producer " $flag"
done
