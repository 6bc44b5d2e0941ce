/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_MACRO_H
#define BASE_MACRO_H

/*
 * Attributes and idioms used in the whole program.
 *
 * Clean-up has one idiom: declare a local that owns something with
 * _cleanup_(function), and pass its ownership on with TAKE_PTR() or TAKE_FD().
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Offsets on drives: on 32-bit machines, only -D_FILE_OFFSET_BITS=64 makes them fit. */
_Static_assert(sizeof(off_t) == 8, "off_t must have 64 bits");

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define _cleanup_(f)     __attribute__((cleanup(f)))
#define _printf_(fmt, v) __attribute__((format(printf, fmt, v)))
#define _must_check_     __attribute__((warn_unused_result))
#define _noreturn_       __attribute__((noreturn))

/*
 * For a large buffer of which only what was read into it is used: -ftrivial-auto-var-init
 * would write, and so allocate, all of it.
 */
#if __has_attribute(uninitialized)
#define _uninitialized_ __attribute__((uninitialized))
#else
#define _uninitialized_
#endif

/* Yield `ptr` and set it to NULL: ownership moves to whoever uses the value. */
#define TAKE_PTR(ptr)                       \
	__extension__({                     \
		__auto_type taken_ = (ptr); \
		(ptr) = NULL;               \
		taken_;                     \
	})

/* Yield `fd` and set it to -1. */
#define TAKE_FD(fd)                \
	__extension__({            \
		int taken_ = (fd); \
		(fd) = -1;         \
		taken_;            \
	})

/*
 * Return the struct of type `type` whose member `member` is at `ptr`. Use
 * CONST_CONTAINER_OF for a pointer to const.
 */
#define CONTAINER_OF(ptr, type, member) \
	((type *)(void *)((char *)(ptr)-offsetof(type, member)))
#define CONST_CONTAINER_OF(ptr, type, member) \
	((const type *)(const void *)((const char *)(ptr)-offsetof(type, member)))

/* Whether this is a build with a sanitizer, for valgrind, or one that counts its coverage
 * in files: they need more than the program itself. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(FOR_VALGRIND) || defined(FOR_COVERAGE) || defined(__SANITIZE_ADDRESS__) || \
	defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||            \
	__has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER true
#else
#define HAS_SANITIZER false
#endif

#endif
