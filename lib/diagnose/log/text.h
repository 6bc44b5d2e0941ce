/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_TEXT_H
#define DIAGNOSE_LOG_TEXT_H

/*
 * Lines of a kernel log, in the forms in which people and programs save one. Each line
 * is recognized by itself, almost: a file may have several forms.
 *
 *	6,1205,8123456789,-;watchdog: BUG: ...                  /dev/kmsg
 *	[ 8123.456789] watchdog: BUG: ...                       dmesg, a console
 *	[ 8123.456789][    C7] watchdog: BUG: ...               with CONFIG_PRINTK_CALLER
 *	<4>[ 8123.456789] watchdog: BUG: ...                    dmesg -r
 *	kern  :warn  : [ 8123.456789] watchdog: BUG: ...        dmesg -x
 *	[Tue Nov 19 12:34:56 2024] watchdog: BUG: ...           dmesg -T
 *	2024-11-19T12:34:56,123456+00:00 watchdog: BUG: ...     dmesg --time-format iso
 *	Nov 19 12:34:56 node kernel: watchdog: BUG: ...         syslog, journalctl -k
 *	watchdog: BUG: ...                                      printk.time=0
 */

#include "diagnose/log/record.h"

#include <stdbool.h>

enum text_kind {
	TEXT_RECORD,   /* of the kernel */
	TEXT_RAW,      /* the same, of no known form */
	TEXT_TIME,     /* only the time of the record of the next line */
	TEXT_NEW_BOOT, /* "-- Reboot --" of journalctl */
	TEXT_OTHER,    /* of another program, or no text */
};

/*
 * Read a line, which ends with NUL and is changed: colour and escapes are removed. Sets
 * text, len and time of *ret.
 */
enum text_kind text_read(char *line, size_t len, struct log_record *ret);

#endif
