#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Revert from hostile journals: each is refused, and the node stays as it is. Their checksums are
# right, where nothing else is said: whoever can write a journal can also compute them.
#
# usage: tests/hostile/journals.sh
set -u
cd "$(dirname "$0")/../.." || exit 1
B=$(realpath -e "${B:-build}")
H=$B/hosttune
work=$(mktemp -d "${TMPDIR:-/tmp}/hosttune-journals-XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

. tests/tap.sh

root=$work/root
dir=$root/var/lib/hosttune/journal
file=$dir/000000001.journal

# A captured node, with a file that a revert must not reach.
fresh() {
	rm -rf "$root"
	mkdir -p "$dir" "$root/proc/sys/vm" "$root/proc/sys/kernel/random" "$root/sys/block" "$root/etc"
	chmod 755 "$root/var/lib/hosttune" "$dir"
	echo 30 >"$root/proc/sys/vm/swappiness"
	echo 6.12.0-test >"$root/proc/sys/kernel/osrelease"
	echo here >"$root/proc/sys/kernel/random/boot_id"
	echo 0123 >"$root/etc/machine-id"
	echo 60 >"$root/etc/secret"
}

# Everything but the lock and the journals.
state() { (cd "$root" && find . -path ./run -prune -o -path ./var -prune -o -type f -exec sha256sum {} + | sort -k 2); }

# sum: print the checksum of standard input: FNV-1a of 64 bits.
sum() {
	hash=-3750763034362895579 # 0xcbf29ce484222325
	for byte in $(od -A n -v -t u1); do
		hash=$(((hash ^ byte) * 0x100000001b3))
	done
	printf '%016x' $hash
}

# sealed: make the journal of the JSON text on standard input.
sealed() {
	cat >"$work/body"
	{
		echo "hosttune-journal 1 $(printf %s "$(cat "$work/body")" | sum)"
		cat "$work/body"
	} >"$file"
	chmod 600 "$file"
}

# journal RECORDS [MEMBER...]: a journal of this node; members replace those of the same name.
journal() {
	export records="$1"
	shift
	printf '%s\n' '"boot":"here"' '"machine":"0123"' '"time":1767225600' '"command":"apply"' \
		'"profile":"p"' '"state":"applied"' "$@" |
		awk -F: '
			!($1 in line) { order[++n] = $1 }
			{ line[$1] = $0 }
			END {
				for (i = 1; i <= n; i++)
					printf "%s%s", (i > 1 ? "," : "{"), line[order[i]]
				printf ",\"records\":%s}\n", ENVIRON["records"]
			}' | sealed
}

# record KIND OBJECT PREVIOUS DESIRED: one that a revert would restore.
record() {
	printf '{"kind":"%s","object":"%s","previous":"%s","desired":"%s"}' "$@"
}
good="[$(record sysctl vm.swappiness 60 30)]"

# revert STATUS TEXT: it ends so, says this, and changes nothing. Reading it otherwise ends, too.
revert() {
	before=$(state)
	status=0
	timeout 20 "$H" revert --no-api --root "$root" >"$work/out" 2>&1 || status=$?
	tr -s " \n" " " <"$work/out" | tee "$work/flat"
	[ "$status" = "$1" ] && grep -qF -e "$2" "$work/flat" && [ "$(state)" = "$before" ] &&
		! grep -q "$(printf '[\001-\010\013-\037\177]')" "$work/flat" &&
		ends "$H" revert --no-api --root "$root" --list && ends "$H" revert --no-api --root "$root" --print &&
		[ "$(state)" = "$before" ]
}

# ends COMMAND...: within 20 s, by itself.
ends() {
	timeout 20 "$@" >"$work/ends" 2>&1
	[ $? -le 8 ]
}

# refused NAME STATUS TEXT: the journal that was just made.
refused() {
	check "$1" revert "$2" "$3"
	fresh
}

if [ "$(id -u)" != 0 ]; then
	skip "hostile journals" "needs root"
	summary
	exit
fi

# The control: a journal like the others, that is restored.
fresh
journal "$good"
check "a good journal is restored" "$H" revert --no-api --root "$root"
check "its value is written" grep -qx 60 "$root/proc/sys/vm/swappiness"
fresh

# --- the file ---------------------------------------------------------------------------------

journal "$good"
truncate -s -40 "$file"
refused "cut short" 5 'is damaged: its checksum is wrong'
: >"$file"
refused "empty" 5 'is not a journal of hosttune'
printf 'hosttune-journal 7 0000000000000000\n{}\n' >"$file"
refused "of a version of the future" 5 'has version 7, and this hosttune reads version 1'
journal "$good"
sed -i 's/"60"/"61"/' "$file"
refused "a value that was changed" 5 'is damaged: its checksum is wrong'
journal "$good"
chmod 666 "$file"
refused "that every user can write to" 5 'is not a file that only this user may write'
journal "$good"
chown 1234 "$file"
refused "of another user" 5 'is not a file that only this user may write'
journal "$good"
mv "$file" "$root/etc/journal"
ln -s ../../../../etc/journal "$file"
refused "a symbolic link" 3 'Too many levels of symbolic links'
mkfifo -m 600 "$file"
refused "a FIFO" 5 'is not a file that only this user may write'
if mknod -m 600 "$file" c 1 5 2>/dev/null; then
	refused "a device" 5 'is not a file that only this user may write'
else
	skip "a device" "mknod is not permitted here"
fi
mkdir -m 700 "$file"
refused "a directory" 5 'is not a file that only this user may write'
truncate -s 1G "$file"
refused "of 1 GiB" 5 'is too large for a journal'
printf 'hosttune-journal 1 0000000000000000\n\0{}\n' >"$file"
refused "with a NUL byte" 5 'is not a journal of hosttune'
journal "$good"
chmod 777 "$dir"
refused "in a directory that every user can write to" 5 'others than this user may write there'
journal "$good"
mv "$dir" "$root/etc/journals"
ln -s ../../../etc/journals "$dir"
refused "in a directory that is a link" 3 'journal: Not a directory'

# --- its form ---------------------------------------------------------------------------------

printf '%03000d\n' 0 | tr 0 '[' | sealed
refused "nested without end" 5 'maximum parsing depth reached'
journal '[{"kind":"sysctl","kind":"queue","object":"vm.swappiness","previous":"60","desired":"30"}]'
refused "a member twice" 5 'is damaged: not JSON'
journal "[$(record sysctl vm.swappiness 60 30),$(record sysctl vm.swappiness 61 30)]"
refused "an object twice" 5 'is damaged: an object has two records'
journal '[{"kind":7,"object":"vm.swappiness","previous":"60","desired":"30"}]'
refused "a kind that is a number" 5 'is damaged: a record has no object'
journal '[{"kind":"sysctl","object":"vm.swappiness","previous":["60"],"desired":"30"}]'
refused "a value that is a list" 5 'is damaged: a value is no text of one line'
journal '[["sysctl"]]'
refused "a record that is a list" 5 'is damaged: a record has no object'
journal "$(record sysctl vm.swappiness 60 30)"
refused "records that are no list" 5 'is damaged: it has no list of records'
journal "$good" '"time":"now"'
refused "a time that is a text" 5 'is damaged: a member is missing'
journal "$good" '"time":-1'
refused "a time below 0" 5 'is damaged: a member is missing'
journal "$good" '"try":99999999999' '"try_until_ms":1'
refused "a trial without end" 5 'is damaged: try is no number'

# --- what it names ----------------------------------------------------------------------------

journal "$good" '"machine":"4567"'
refused "of another machine" 5 'is of another machine (its machine id is 4567)'
journal "$good" '"boot":"there"'
refused "of another boot" 0 '1 undone by the reboot'
journal "[$(record sysctl ../../etc/secret 30 60)]"
refused "a sysctl that leads out of /proc/sys" 3 '"../../etc/secret": points outside /proc/sys'
journal "[$(record sysctl vm/../../../etc/secret 30 60)]"
refused "the same, after a directory" 3 'points outside /proc/sys'
journal "[$(record sysctl /etc/secret 30 60)]"
refused "an absolute path as a sysctl" 3 '"/etc/secret": has an empty part'
journal "[$(record sysctl 'net.*.conf' 30 60)]"
refused "a pattern as a sysctl" 3 '* and ? can only stand for an interface'
ln -s /etc/secret "$root/proc/sys/vm/link"
journal "[$(record sysctl vm.link 30 60)]"
refused "a sysctl that is a link out of /proc/sys" 3 'Invalid cross-device link'
journal "[$(record queue '../../../etc read-ahead' 30 60)]"
refused "a drive that is a path" 3 'is no attribute of a queue'
journal "[$(record queue 'nvme0n1 ../../../../etc/secret' 30 60)]"
refused "an attribute that is a path" 3 'is no attribute of a queue'
journal "[$(record nfsd ../secret 30 60)]"
refused "a file of nfsd that is a path" 3 'is nothing of an NFS server'
journal "[$(record shell 'rm -rf /' 30 60)]"
refused "a kind of a later version" 3 'this version of hosttune has no kind "shell"'
journal "[$(record filesystem data xfs ext4)]"
refused "a file system to make again" 0 'storage is never undone'
journal "[$(record sysctl vm.swappiness 60 30 | sed 's/60/6\\n0/')]"
refused "a value of two lines" 5 'is damaged: a value is no text of one line'
journal "[$(record sysctl vm.swappiness 60 30 | sed 's/60/\\u001b[2J/')]"
refused "a value with control characters" 5 'is damaged: a value is no text of one line'
journal "[$(record sysctl vm.swappiness 60 30 | sed 's/vm.swappiness/vm\\u001b[2J/')]"
refused "an object with control characters" 5 'is damaged: a record has no object'
journal "[$(record 'sys\u001b[2Jctl' vm.swappiness 60 30)]"
refused "a kind with control characters" 3 'no kind "sys\x1b[2Jctl"'
journal "$good" '"profile":"\u001b[2J"'
check "a profile with control characters" ends "$H" revert --no-api --root "$root" --list
fresh
summary
