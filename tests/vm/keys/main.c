/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * usage: sysctl-keys scan MODULE KNOWN  a line for each key that the file KNOWN does not
 * have; MODULE registers them, "-": the kernel itself sysctl-keys table SCAN...      the
 * rows of lib/sysctl/known/keys.def sysctl-keys profile            a profile that gives
 * each writable key its own value sysctl-keys perturb            give each of them
 * another value, and print how many accepted one sysctl-keys relations          keys that
 * change when another is written
 *
 * A line of a scan: key, shape, rounding, lowest and highest value, number of words,
 * module.
 */
#include "keys.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "scan") == 0)
		return keys_scan(argv[2], argv[3]);
	if (argc > 2 && strcmp(argv[1], "table") == 0)
		return keys_table(argv + 2);
	if (argc == 2 && strcmp(argv[1], "profile") == 0)
		return keys_profile();
	if (argc == 2 && strcmp(argv[1], "perturb") == 0)
		return keys_perturb();
	if (argc == 2 && strcmp(argv[1], "relations") == 0)
		return keys_relations();
	(void)fputs(
		"usage: sysctl-keys scan MODULE KNOWN | table SCAN... | profile | perturb "
		"| relations\n",
		stderr);
	return 2;
}
