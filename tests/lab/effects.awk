# SPDX-License-Identifier: Apache-2.0 OR MIT
# After table.awk: lib/explain/effect.def with the ratios of today and their spread.

/^E\(/ {
	n = split($0, part, "\"")
	if (part[6] != "") {
		split(part[8], words, " ")
		part[10] = measured(part[6], words[1], words[2], 1)
	}
	$0 = part[1]
	for (i = 2; i <= n; i++)
		$0 = $0 "\"" part[i]
}
{ print }
END { exit failed }
