/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * In a build that counts its coverage, _exit() also writes what was counted, as exit()
 * does: most children of the program end by it. make coverage links this with
 * --wrap=_exit.
 */
void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

void __wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
