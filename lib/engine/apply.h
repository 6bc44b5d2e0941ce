/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_APPLY_H
#define ENGINE_APPLY_H

/*
 * Make the changes of a plan.
 *
 * All or nothing as far as possible. A plan with a refusal or a failure is not started.
 * If a step fails, the steps before it are rolled back in reverse order; those of
 * irreversible kinds stay, which is reported. With on-failure: continue, only the failed
 * step is rolled back, and its dependents are skipped. A resource that waits for
 * something outside the plan (pending, with a reason other than WAITS) is not changed.
 *
 * The host's deadline, or a signal if the deadline has until_signal, is noticed between
 * two steps: the next step fails. A step under way ends; only long copies stop.
 */

struct host;
struct plan;

/*
 * Make the changes that plan_observe() found, unless a resource is refused or failed.
 *
 * Each resource is observed again just before and just after its change, and all of them
 * after the last change (engine/settle.h).
 * Return: 0; -1 if a resource is refused or failed, unless on-failure is continue.
 */
int plan_apply(struct plan *p, struct host *h);

#endif
