/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_FINDING_H
#define DIAGNOSE_RULES_FINDING_H

/*
 * What a diagnosis finds: each finding with its evidence and its remedy, one verdict over
 * all of them, and what could not be checked. Reports read nothing else.
 */

#include "base/macro.h"
#include "diagnose/rules/served.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum finding_severity {
	FINDING_CRITICAL, /* the node fails now, or loses data */
	FINDING_WARNING,  /* it is slow, or may fail */
	FINDING_NOTE,     /* worth knowing; does not count as a problem */
	FINDING_SEVERITIES
};

/* "critical", "warning", "note". */
extern const char *const finding_severity_words[FINDING_SEVERITIES + 1];

/* One line that shows what a finding or a verdict says, and where it was read. */
struct evidence {
	char *text;  /* "softnet_dropped 12 in 2 s", or the record of a log */
	char *where; /* "/proc/net/softnet_stat", "kern.log:120"; NULL: unknown */
};

struct evidences {
	struct evidence *list;
	size_t n, cap;
};

struct finding {
	char *reason; /* name of the rule: "SoftLockup" */
	enum finding_severity severity;
	char *subject; /* what it concerns: "CPU 7", "pod default/web-0"; "": the node */
	char *text;    /* what is wrong, one sentence without a full stop */
	char *why;     /* what it causes; NULL: unknown */
	char *remedy;  /* a command or an imperative sentence; NULL: none */
	char *source;  /* of the rule's claim; NULL: none */
	struct evidences evidence;
	uint64_t count; /* how often it was seen; 0: it is a state, not an event */
};

/* How sure a verdict is. */
enum confidence {
	CONFIDENCE_CERTAIN,
	CONFIDENCE_LIKELY,
	CONFIDENCE_POSSIBLE,
	CONFIDENCE_NONE, /* it says what cannot be decided */
	CONFIDENCES
};

/* "certain", "likely", "possible", "none". */
extern const char *const confidence_words[CONFIDENCES + 1];

struct verdict {
	char *reason; /* "VcpuStarvation"; NULL: there is no verdict */
	enum confidence confidence;
	char *text; /* "writeback starves the CPUs; the ENA messages are a consequence" */
	char *causes; /* subjects of the events that are its cause: "nvme1,nvme2"; NULL:
	                 none */
	struct evidences evidence;
	char **next; /* what to do or to collect; NULL-terminated, or NULL */
	size_t n_next;
};

/* What was not checked, and why: never counted as fine. */
struct unchecked {
	char *what; /* the rule or the measure */
	char *why;
	bool unread; /* hosttune itself could not look: the node may have it */
};

struct diagnosis {
	struct finding *findings;
	size_t n, cap;
	struct unchecked *unchecked;
	size_t n_unchecked, cap_unchecked;
	bool unread; /* one of them is: "nothing found" then says too little */
	struct verdict verdict;
	unsigned seconds; /* that counters were watched; 0: since boot */
	size_t n_rules;   /* that were checked */
	struct served_list served;
};

/*
 * Add a finding; all texts are copied. Return: it, borrowed until the next one is added.
 */
struct finding *finding_add(struct diagnosis *d, enum finding_severity severity,
                            const char *reason, const char *subject);

/* Add a line of evidence. Takes ownership of `text`; copies `where`, which may be NULL.
 */
void evidence_add(struct evidences *e, char *text, const char *where);

/* Note once that `what` was not checked. */
void unchecked_add(struct diagnosis *d, const char *what, const char *why);

/*
 * The same with the code of the error. It is unread if hosttune itself could not look,
 * for lack of descriptors or memory, or since a read failed: not if the node lacks it.
 */
void unchecked_add_code(struct diagnosis *d, const char *what, const char *why, int code);
bool unchecked_is_unread(int code);

/* Sort findings by severity, the others as they were added, and what was not checked. */
void diagnosis_sort(struct diagnosis *d);

/* How many findings have that severity. */
size_t diagnosis_count(const struct diagnosis *d, enum finding_severity severity);

/* Whether it has a finding more severe than a note. */
bool diagnosis_has_problem(const struct diagnosis *d);

/* Free what a verdict has. */
void verdict_done(struct verdict *v);

void diagnosis_done(struct diagnosis *d);

#endif
