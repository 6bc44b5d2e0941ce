/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/printable.h"

void printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}
