/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "model_macros.h"
#include "valid.h"

#define BAD_IDENTIFIER \
	"Identifiers may only contain ASCII alphanumerics plus hyphens, received '"

static const struct check identifier_checks[] = {
	{"^[a-zA-Z0-9-]{0,76}$", false, BAD_IDENTIFIER, "'"},
};

static const struct text url_text = TESTED("Url", valid_url);
static const struct text base64_text = TESTED("ValidBase64", valid_base64);
static const struct text hostname_text = TESTED("ValidLinuxHostname", valid_hostname);
const struct text text_identifier = CHECKED("Identifier", identifier_checks);
const struct text text_line = TESTED("SingleLineString", valid_line);

const struct model model_boolean = PLAIN(SHAPE_BOOL);
const struct model model_i32 = INTEGER("i32", INT_MIN, INT_MAX);
const struct model model_line = STRING(&text_line);
const struct model model_lines = LIST(&model_line);
const struct model model_url = STRING(&url_text);
const struct model model_base64 = STRING(&base64_text);
const struct model model_hostname = STRING(&hostname_text);
const struct model model_ip = PLAIN(SHAPE_IP);
