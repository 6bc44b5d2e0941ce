/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "completion.h"
#include "cmd.h"
#include "complain.h"

#include "base/text/packed.h"

#include <stdio.h>
#include <string.h>

static int cmd_completion_run(const struct options *o)
{
	const char *shell = o->n_profiles == 1 ? o->profiles[0] : "";
	/* "hosttune.bash" and its text, ... */
	const char *const *t = packed_texts(&packed_completions);

	for (size_t i = 0; i < packed_completions.n; i += 2)
		if (strcmp(t[i] + strlen("hosttune."), shell) == 0) {
			(void)fputs(t[i + 1], stdout);
			return EXIT_IN_SYNC;
		}
	if (o->n_profiles == 1)
		complain("completion \"%s\": should be bash, zsh or fish", shell);
	else
		complain("completion: needs one SHELL (bash, zsh or fish)");
	return EXIT_INVALID;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.offline = true,
	.args = "SHELL",
	.takes = "bash zsh fish",
	.summary = "print the completion script of a shell",
	.exits = "0 2 3",
	.see = "help, explain",
	.run = cmd_completion_run,
};
