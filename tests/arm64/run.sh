#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Run the static program of arm64 on another machine: unit tests and golden cases in an
# emulator, and the main job in a virtual machine with Debian's arm64 kernels, also by the image.
#
# Without make check-full, only if the program was built before (make static ARCH=arm64): its
# libraries take minutes; and on one kernel.
set -u
MAKE=${MAKE:-make}
B=${B:-build}
case $B in /*) ;; *) B=$PWD/$B ;; esac
export B
static=$B/static/arm64
files=$static/program/guest
emulator=$B/vm/qemu-aarch64
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

# lacking WHAT WHY: a skip, or a failure if all tests must run.
lacking() {
	if [ "${CI_VM:-}" = must ]; then
		echo "not ok - $1: $2"
	else
		echo "ok - $1 # SKIP $2"
	fi
}

# cannot LIST: read TAP of unit tests, and make the tests of the list skips, with the reason
# there.
cannot() {
	awk -v list="$1" '
	BEGIN {
		while ((getline line < list) > 0)
			if (line !~ /^#/ && (at = index(line, " # ")))
				why[substr(line, 1, at - 1)] = substr(line, at + 3)
	}
	/^(not )?ok / {
		name = $0
		sub(/^(not )?ok [0-9]* *(- )?/, "", name)
		if (name in why) {
			seen[name] = 1
			$0 = "ok - " name " # SKIP " why[name]
		}
	}
	{ print }
	END {
		for (name in why)
			if (!(name in seen))
				print "not ok - " name ": no such test: see " list
	}'
}

units() {
	for program in "$static"/program/unit/*/test_*; do
		CMOCKA_MESSAGE_OUTPUT=TAP HOSTTUNE_API_STUB=$B/api-stub "$emulator" "$program" 2>&1 ||
			echo "# exit status $? of $program"
	done
}

# What the program prints of itself is the same.
cases() {
	mkdir "$work/cases"
	printf '#!/bin/sh\nexec "%s" -0 hosttune "%s" "$@"\n' "$emulator" "$static/hosttune" >"$work/cases/hosttune"
	chmod 755 "$work/cases/hosttune"
	B=$work/cases tests/cases/run.sh
}

# What guests run, as HOSTTUNE_B. It goes with what it was built with.
guest_files() {
	mkdir -p "$files"
	ln -sfn ../../hosttune ../api-stub ../../../../image "$files"
}

# guest KERNEL SCRIPT [ARG]: one boot. A script that does not reach its summary has failed.
guest() {
	kernel=$1
	shift
	if ! why=$(tests/vm/fetch-arm64 "$kernel" 2>&1 && tests/vm/run --probe -k "$kernel" 2>&1); then
		lacking "VM with kernel $kernel" "$(echo "$why" | tail -n 1)"
		return
	fi
	words="$*"
	start=$(date +%s)
	HOSTTUNE_B=$files tests/vm/run -k "$kernel" -d 5 -s 320M -t 1800 -- "$@" >"$work/guest" 2>&1
	status=$?
	cat "$work/guest"
	echo "# $kernel: ${words##*/}: $(($(date +%s) - start)) s"
	grep -q '^[0-9]* passed' "$work/guest" || echo "not ok - $kernel: $* (exit status $status)"
}

# image KERNEL: its image does the main job as a bootstrap container, run by containerd.
image() {
	if [ -e "$B/image/root-arm64" ]; then
		guest "$1" tests/vm/container.sh image
	else
		echo "ok - the image in the VM with kernel $1 # SKIP not built (make image; make check-full does)"
	fi
}

all() {
	if [ "$(uname -m)" = aarch64 ]; then
		echo "ok - all # SKIP on arm64, make check tests it"
		return
	fi
	if [ -z "${HOSTTUNE_FULL:-}" ] && [ ! -e "$static/hosttune" ]; then
		echo "ok - all # SKIP not built (make static ARCH=arm64; make check-full does)"
		return
	fi
	packaging/deps.sh static arm64
	"$MAKE" --no-print-directory B="$B" ARCH=arm64 static-tests || echo "not ok - make static-tests ARCH=arm64"
	if why=$(tests/vm/fetch-arm64 emulator 2>&1); then
		units | cannot tests/arm64/cannot
		cases
	else
		lacking "unit tests and golden cases" "$(echo "$why" | tail -n 1)"
	fi
	guest_files
	guest arm64 tests/vm/apply.sh
	image arm64
	if [ "${HOSTTUNE_FULL:-}" ]; then
		guest arm64-16k tests/arm64/pages.sh
		image arm64-16k
	fi
}

# each part has its own sum: they become one
all | tee "$work/log" | grep -vE '^[0-9]+ passed, [0-9]+ failed'
awk '/^ok / { if (/# SKIP/) skipped++; else passed++ }
	/^not ok / { if (/# SKIP/) skipped++; else failed++ } # cmocka prints that for a skip
	END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }' "$work/log"
