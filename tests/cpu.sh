# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# How much CPU the children of a script needed; source it. Time alone says little on a machine
# that does other work, too.

# cpu_mark FILE: write down what they have used so far. Not in $(...): it counts its children only.
cpu_mark() {
	times >"$1"
}

# cpu_since FILE: set $cpu to the seconds used since then, and remove the file.
cpu_since() {
	times >>"$1"
	# shellcheck disable=SC2034 # for the caller
	cpu=$(awk '
		NR % 2 == 0 {
			sum = 0
			for (i = 1; i <= 2; i++) {
				split($i, part, "m")
				sum += part[1] * 60 + part[2]
			}
			of[NR] = sum
		}
		END { printf "%d", of[4] - of[2] + 0.5 }' "$1")
	rm "$1"
}
