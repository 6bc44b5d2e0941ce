# SPDX-License-Identifier: Apache-2.0 OR MIT
# After table.awk: replace {EXPERIMENT COMPARISON METRIC} by the ratio.

{
	while (match($0, /\{[^} ]+ [^} ]+ [^} ]+\}/)) {
		split(substr($0, RSTART + 1, RLENGTH - 2), words, " ")
		before = substr($0, 1, RSTART - 1)
		after = substr($0, RSTART + RLENGTH)
		$0 = before measured(words[1], words[2], words[3]) after
	}
	print
}
END { exit failed }
