/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_UNDO_H
#define SYSCTL_UNDO_H

#include "resource/undo.h"

/* undo of the kind: an object is a key in its dotted spelling. */
extern const struct undo sysctl_undo;

#endif
