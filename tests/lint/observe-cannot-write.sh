#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# An observe function gets a read-only host: one that writes must not compile. The same
# function without the write must compile, or the test would prove nothing.
#
# usage: CC=gcc tests/lint/observe-cannot-write.sh
set -eu
cd "$(dirname "$0")/../.."

compile() {
	"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Ilib -Werror=discarded-qualifiers \
		-Werror=incompatible-pointer-types -fsyntax-only -x c - 2>&1 <<-END
		#include "host/file.h"
		#include "resource/kind.h"
		static int observe(struct resource *r, const struct host *h, struct err *e)
		{
			return $1;
		}
		const struct kind kind = {.name = "test", .observe = observe};
	END
}

compile 'host_file_exists(h, r->name) ? 0 : e->code' || {
	echo "an observe function that reads does not compile"
	exit 1
}
for write in 'host_file_write(h, "/x", r->name, e)' 'host_file_mkdir(h, r->name, 0755, e)' \
	'((const struct kind *)r->kind)->apply(r, h, 0, e)'; do
	if compile "$write" >/dev/null; then
		echo "an observe function with $write compiles"
		exit 1
	fi
done
