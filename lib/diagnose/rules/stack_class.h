/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_STACK_CLASS_H
#define DIAGNOSE_RULES_STACK_CLASS_H

/*
 * Classes of stacks, as data: what a CPU or a task did, by the functions on its stack.
 *
 *	stacks:
 *	  - name: writeback
 *	    functions: [wb_workfn, writeback_sb_inodes]    # a "*" may end a name
 *
 * A stack can be of several classes; the first in the order of the files is its name.
 */

#include <stddef.h>
#include <stdint.h>

struct diagnostics;
struct node;

#define STACK_CLASSES_MAX 64

/* A stack of no class. */
#define STACK_CLASS_OTHER "other"

struct stack_class {
	char *name;
	char *functions; /* "wb_workfn,writeback_*" */
};

struct stack_classes {
	struct stack_class *list;
	size_t n, cap;
};

/* Add the classes of a list. Errors go to `diag`. */
void stack_classes_read(struct stack_classes *r, const struct node *list,
                        struct diagnostics *diag);

/* The classes that a function of `len` bytes shows, a bit for each. */
uint64_t stack_classes_of(const struct stack_classes *r, const char *function,
                          size_t len);

/* The name of the first of some classes; STACK_CLASS_OTHER for 0. */
const char *stack_class_name(const struct stack_classes *r, uint64_t classes);

/* The classes of a list of names, "nfsd,xfs". */
uint64_t stack_classes_named(const struct stack_classes *r, const char *names);

void stack_classes_done(struct stack_classes *r);

#endif
