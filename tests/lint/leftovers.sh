#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# leftovers.sh PROGRAM : make docs that fails, at its first step and at later ones, changes
# nothing and leaves no file behind. It runs in a copy of what it reads.
set -eu
program=$(readlink -f "$1")
cd "$(dirname "$0")/../.."
flags=$(dirname "$program")/flags.mk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git ls-files -z Makefile docs profiles tests/terminal tests/tap.sh | xargs -0 cp --parents -t "$work"
mkdir "$work/b"
cp "$flags" "$work/b/flags.mk"
cd "$work"
git init -q .
git add -f .

# fails COMMAND : make docs, of a program whose COMMAND ends in the middle of its output.
fails() {
	cat >b/hosttune <<-END
		#!/bin/sh
		case " \$* " in *" $1 "*) echo half; exit 4 ;; esac
		exec "$program" "\$@"
	END
	chmod 755 b/hosttune
	! ${MAKE:-make} -s -o b/hosttune -o b/flags.mk B=b docs >log 2>&1 || {
		echo "make docs succeeds, although hosttune $1 fails"
		exit 1
	}
	found=$(git ls-files --others docs)
	[ -z "$found" ] || {
		echo "make docs leaves $found when hosttune $1 fails"
		exit 1
	}
}

fails show
fails audit
fails explain
echo "make docs that fails leaves nothing behind"
