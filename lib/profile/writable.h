/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_WRITABLE_H
#define PROFILE_WRITABLE_H

struct node;

/*
 * Why a value of a tree would not be the same in the text of a profile, which validation
 * of the tree cannot see: a text that YAML cannot hold, or that reads as a formula.
 * `depth`: of the value in the YAML document, whose root has 0. Return: static; NULL: it
 * is the same.
 */
const char *profile_unwritable(const struct node *n, unsigned depth);

#endif
