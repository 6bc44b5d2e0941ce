#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Print under which licences the files are that the image is made of, one a line: PACKAGE LICENCE,
# with the identifiers of SPDX. They are what debian/copyright of each package says (DEP-5) of
# these files; headers are not counted, and the public domain is none.
#
# usage: packaging/image/licence-names.sh STATIC ARCH
#
# STATIC is the directory of make static, with the packages of both lists in sources/. It fails
# if a file has no licence, or one that it does not know.
set -eu

[ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
static=$1 arch=$2
here=$(cd "$(dirname "$0")" && pwd -P)
names=$(sed -n "/^#/d; s/ .*//; s/.*\///; s/\.dsc$//p; s/\(_$arch\)\.deb$/\1/p" "$here/../static/sources" "$here/tools")

# Print the files that the program was compiled from, each below the name of its package.
compiled() {
	LC_ALL=C readelf --debug-dump=info --dwarf-depth=1 "$static/$arch/hosttune.debug" 2>/dev/null | awk '
		$2 == "DW_AT_name" { name = $NF }
		$2 == "DW_AT_comp_dir" { print $NF "/" name }' |
		sed -n 's/^\/usr\/src\///; :up; s/[^/]*\/\.\.\///; t up; s/\/\.\//\//g; p' | sort -u
}

# files_of PACKAGE: those of the debug file, and those of licence-files.
files_of() {
	sed -n "s/^$1\///p" "$work/compiled"
	awk -v package="$1" '$1 == package && $3 != "=" { for (i = 2; i <= NF; i++) print $i }' "$here/licence-files"
}

# copyright_of NAME: of a source package or of a binary one.
copyright_of() {
	for file in "$static/sources/$1/debian/copyright" "$static/sources/$1/usr/share/doc/${1%%_*}/copyright"; do
		[ ! -f "$file" ] || cat "$file"
	done
}

# paragraphs NAME: its copyright, and as its last paragraphs those of licence-files.
paragraphs() {
	copyright_of "$1"
	awk -v package="${1%%_*}" '$1 == package && $3 == "=" { print "\nFiles: " $2 "\nLicense: " $4 }' "$here/licence-files"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiled >"$work/compiled"
[ -s "$work/compiled" ] || { echo "licence-names.sh: $static/$arch/hosttune.debug: names no source" >&2; exit 1; }
for name in $names; do
	paragraphs "$name" | files="$(files_of "${name%%_*}")" awk -v package="${name%%_*}" '
	function pattern(glob) {
		gsub(/[^A-Za-z0-9_*?\/-]/, "[&]", glob)
		gsub(/\*/, ".*", glob)
		gsub(/\?/, ".", glob)
		return "^" glob "$"
	}
	BEGIN {
		split("Expat=MIT MIT=MIT ISC=ISC curl=curl Zlib=Zlib BSD-2-clause=BSD-2-Clause" \
			" BSD-3-clause=BSD-3-Clause BSD-3-Clause=BSD-3-Clause BSD-1-clause-UCB=BSD-1-Clause" \
			" BSD-124-clause-UCB=BSD-3-Clause GPL-2=GPL-2.0-only GPL-2+=GPL-2.0-or-later" \
			" LGPL-2.1=LGPL-2.1-only LGPL-2.1+=LGPL-2.1-or-later PD= public-domain=", pairs, " ")
		for (i in pairs) {
			at = index(pairs[i], "=")
			known[substr(pairs[i], 1, at - 1)] = substr(pairs[i], at + 1)
		}
	}
	/^[^ ]/ { field = $1 }
	field == "Files:" {
		if ($1 == field) first = n + 1
		for (i = $1 == field ? 2 : 1; i <= NF; i++) globs[++n] = pattern($i)
	}
	$1 == "License:" {
		for (; first && first <= n; first++) licence[first] = substr($0, 10)
		first = 0
	}
	function fail(text) { print "licence-names.sh: " package ": " text | "cat >&2"; failed = 1 }
	END {
		count = split(ENVIRON["files"], files, "\n")
		if (!count) fail("the image has none of its files")
		for (f = 1; f <= count; f++) {
			for (i = n; i && files[f] !~ globs[i]; i--) continue
			if (!i) fail(files[f] ": has no licence")
			k = split(licence[i], parts, / and /)
			for (i = 1; i <= k; i++)
				if (!(parts[i] in known)) fail(files[f] ": licence \"" parts[i] "\": unknown")
				else if (known[parts[i]]) print package, known[parts[i]]
		}
		exit failed
	}' || exit
done >"$work/licences"
sort -u "$work/licences"
