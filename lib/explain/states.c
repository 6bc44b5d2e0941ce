/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The states of records, and what they mean for the exit code. */
#include "base/macro.h"
#include "doc/node.h"
#include "explain/topic.h"
#include "resource/kind.h"

#include <string.h>

static const struct {
	const char *text, *why, *remedy;
} texts[] = {
	[STATE_OK] = {"in sync: the host has what the profile says",
                      "a record that is ok can still have a reason: a warning",
                      "nothing to do"},
	[STATE_DRIFT] = {"differs, and apply would fix it",
                         "the exit code is 1, unless something worse happened",
                         "run hosttune apply"},
	[STATE_PENDING] =
		{"waits for something else: a dependency, a reboot or you",
                 "the exit code of an audit is 1; of an apply, it is 0 if all that "
                 "waits needs a reboot",
                 "do what the reason says"},
	[STATE_CHANGED] = {"changed by this run, and read back",
                           "only an apply has such records", "nothing to do"},
	[STATE_REFUSED] =
		{"not safe: hosttune changes nothing at all, also not the rest of the "
                 "profile",
                 "the exit code is 5, or 2 if the profile does not say which drive it "
                 "means; if the host changed during an apply, it is 3, and the steps "
                 "before are rolled back",
                 "do what the reason says, then run hosttune apply again"},
	[STATE_FAILED] =
		{"cannot be read or changed",
                 "the exit code is 3; of an apply, the steps before it are rolled back, "
                 "unless the profile has on-failure: continue",
                 "do what the reason says, then run hosttune apply again"},
	[STATE_SKIPPED] = {"not applicable on this node, which is fine",
                           "it does not change the exit code",
                           "nothing to do, unless you expected it on this node"},
};

static void states_each(topic_fn *fn, void *arg)
{
	for (enum state s = STATE_OK; s < ARRAY_SIZE(texts); s++)
		fn(state_word(s), texts[s].text, arg);
}

static struct node *states_describe(const char *word)
{
	for (enum state s = STATE_OK; s < ARRAY_SIZE(texts); s++) {
		struct node *n;

		if (strcasecmp(state_word(s), word) != 0)
			continue;
		n = topic_new(&topic_states, state_word(s), texts[s].text);
		topic_set(n, "why", texts[s].why);
		topic_set(n, "remedy", texts[s].remedy);
		node_set_text(n, "source", "hosttune(8)");
		return n;
	}
	return NULL;
}

const struct topic_sort topic_states = {"state", states_each, states_describe};
