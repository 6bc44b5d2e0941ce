/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

/*
 * Replace what a terminal would act on with "?", in place: a message may quote any file,
 * and a file may have any name.
 */
void printable(char *text);

#endif
