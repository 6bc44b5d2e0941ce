/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CMD_APPLY_EXIT_H
#define CMD_APPLY_EXIT_H

#include "cmd.h"
#include "engine/persist/persist.h"
#include "engine/plan.h"

/* Return the exit code of the most serious outcome: of an apply, that of an audit now. */
enum exit_code apply_exit_code(const struct plan *p, const struct persist *s, bool act);

#endif
