/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/versions_file.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "nfsd/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	unsigned version;
} version_words[] = {{"2", NFSD_V2},
                     {"3", NFSD_V3},
                     {"4.0", NFSD_V4_0},
                     {"4.1", NFSD_V4_1},
                     {"4.2", NFSD_V4_2}};

/*
 * "-2 +3 +4 +4.1 -4.2". The kernel omits 4.0 if it is enabled: then "+4" stands for it.
 * An empty list means unknown.
 */
void nfsd_versions_file_parse(const char *text, struct nfsd_server *ret)
{
	unsigned on = 0, off = 0;

	ret->versions = ret->versions_known = 0;
	for (const char *p = text; *p; p += strcspn(p, " ")) {
		char word[8] = "";

		p += strspn(p, " ");
		(void)sscanf(p, "%7[^ ]", word);
		if (strcmp(word, "+4") == 0)
			ret->versions |= NFSD_V4_0;
		for (size_t i = 0; *word && i < ARRAY_SIZE(version_words); i++)
			if (strcmp(word + 1, version_words[i].word) == 0)
				*(*word == '+' ? &on : &off) |= version_words[i].version;
	}
	ret->versions = (ret->versions | on) & ~off;
	ret->versions_known = ret->versions | on | off;
}

char *nfsd_versions_file_format(unsigned versions, unsigned known)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < ARRAY_SIZE(version_words); i++) {
		_free_ char *word = mem_format(
			"%c%s", versions & version_words[i].version ? '+' : '-',
			version_words[i].word);

		if ((known | versions) & version_words[i].version)
			buf_join(&b, " ", word);
	}
	return buf_take(&b);
}
