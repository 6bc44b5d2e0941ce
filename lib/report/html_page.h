/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_HTML_PAGE_H
#define REPORT_HTML_PAGE_H

/* lib/report/html/page.css and page.js, and their SHA-256 in base64. */
struct html_page {
	const char *style, *style_hash;
	const char *script, *script_hash;
};

extern const struct html_page html_page;

#endif
