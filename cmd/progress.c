/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "progress.h"
#include "complain.h"

#include "base/mem.h"
#include "base/progress.h"
#include "base/text/display.h"
#include "screen.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_EVERY_S 10

/* The rest of the line is erased, since the last text may have been longer. */
#define REWRITE "\r\033[K"

static void on_terminal(const char *what, unsigned seconds)
{
	_free_ char *text = NULL, *printed = NULL, *line = NULL;

	if (!what) {
		(void)fputs(REWRITE, stderr);
		return;
	}
	text = mem_format("hosttune: %s: %u s", what, seconds);
	printed = display_text(text);
	/* in the last column, the cursor may move to the next line */
	line = display_shorten(printed, screen_width_of(STDERR_FILENO) - 1);
	(void)fprintf(stderr, REWRITE "%s", line);
}

static void in_lines(const char *what, unsigned seconds)
{
	static unsigned next_s = LINE_EVERY_S;
	_free_ char *printed = display_text(what);

	if (!what)
		next_s = LINE_EVERY_S;
	if (!what || seconds < next_s)
		return;
	complain("%s: %u s", printed, seconds);
	next_s = seconds - seconds % LINE_EVERY_S + LINE_EVERY_S;
}

static void print(const char *what, unsigned seconds)
{
	const char *term = getenv("TERM");
	bool rewrites =
		term && *term && strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO);

	(rewrites ? on_terminal : in_lines)(what, seconds);
}

void progress_print(void)
{
	progress_report_to(print);
}
