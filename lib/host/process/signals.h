/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_PROCESS_SIGNALS_H
#define HOST_PROCESS_SIGNALS_H

/*
 * Signals that ask this process to end: SIGTERM, SIGINT, SIGHUP. Once they are caught,
 * the first is only noted (base/stop.h), and the second ends the process at once, with
 * 128 plus its number.
 */

/*
 * Catch them from now on. One that is ignored stays ignored (nohup). They interrupt
 * system calls that wait.
 */
void signals_catch(void);

/*
 * In a child process: leave them to the parent, which waits for the child to end. A
 * terminal and a service manager also signal children, and half of a change is worse than
 * a late end.
 */
void signals_leave_to_parent(void);

#endif
