/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/lack.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/live.h"
#include "host/module/module.h"
#include "host/process/exec.h"
#include "host/recorded.h"
#include "storage/xfs_mkfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define LIST_MAX_BYTES (1024 * 1024)

static const struct {
	const char *words, *module;
	const char *list, *item; /* where the kernel lists it once it is there, and how */
} parts[] = {
	[KERNEL_XFS] = {"XFS", "xfs", "/proc/filesystems", "xfs"},
	/* without md there is no such file */
	[KERNEL_RAID0] = {"RAID 0", "raid0", "/proc/mdstat", "[raid0]"},
};

void lack_done(struct lack *l)
{
	free(l->text);
	free(l->remedy);
	*l = (struct lack){0};
}

/* --- programs -------------------------------------------------------------------------
 */

void lack_find_mkfs(const struct host *h, struct lack *ret)
{
	struct host_tool tool;
	struct err e;
	int code = ret->text || !recorded_or_live(h) ? 0 : xfs_mkfs_find(h, &tool, &e);

	if (code < 0)
		*ret = (struct lack){
			.text = mem_dup(e.text),
			.remedy = code == -ENOENT ? mem_dup("install xfsprogs on the "
		                                            "host or in the image")
		                                  : NULL,
			.reason = REASON_FAILED};
}

void lack_find_mdadm(const struct host *h, struct lack *ret)
{
	struct host_tool tool;
	struct err e;

	if (!ret->text && recorded_or_live(h) &&
	    host_exec_find(h, "mdadm", 0, &tool, &e) < 0)
		*ret = (struct lack){
			.text = mem_dup(e.text),
			.remedy = mem_dup("install mdadm on the host or in the image"),
			.reason = REASON_FAILED};
}

/* --- parts of the kernel --------------------------------------------------------------
 */

static void lack_unknown(struct lack *ret, enum kernel_part part, const char *why)
{
	*ret = (struct lack){
		.text = mem_format("it is unknown whether this kernel has %s: %s",
	                           parts[part].words, why),
		.remedy = mem_format("modprobe %s", parts[part].module),
		.reason = REASON_NOT_READABLE};
}

/* Return: 1: the kernel lists it; 0; -ENOENT: there is no such list; -errno. */
static int is_listed(const struct host *h, enum kernel_part part, struct err *e)
{
	_free_ char *text = NULL;
	char *rest, *word;
	int r = host_file_read(h, parts[part].list, LIST_MAX_BYTES, &text, e);

	if (r < 0)
		return r;
	for (rest = text; (word = strsep(&rest, " \t\n"));)
		if (strcmp(word, parts[part].item) == 0)
			return 1;
	return 0;
}

static void lack_module(const struct host *h, enum kernel_part part, struct lack *ret)
{
	const char *module = parts[part].module;
	enum host_module state;
	struct err e = {0};

	if (host_module_find(h, module, &state, &e) < 0) {
		lack_unknown(ret, part, e.text);
		return;
	}
	switch (state) {
	case HOST_MODULE_LOADED:
	case HOST_MODULE_BUILTIN:
		/* its list says otherwise: it failed to start, or those of modules are of
		 * another kernel */
		lack_unknown(ret, part, "it is loaded, but not listed by the kernel");
		break;
	case HOST_MODULE_AVAILABLE: break;
	case HOST_MODULE_FORBIDDEN:
		*ret = (struct lack){
			.text = mem_format("%s is a module that is not loaded, and "
		                           "kernel.modules_disabled forbids loading it",
		                           parts[part].words),
			.remedy = mem_format("reboot, and load the module %s before "
		                             "kernel.modules_disabled is set",
		                             module),
			.reason = REASON_FAILED};
		break;
	case HOST_MODULE_UNKNOWN:
		lack_unknown(ret, part, "the host has no list of its modules");
		break;
	case HOST_MODULE_DISABLED:
		*ret = (struct lack){
			.text = mem_format("modprobe.d disables the module %s of %s",
		                           module, parts[part].words),
			.remedy = mem_format("remove the line \"install %s ...\" from "
		                             "modprobe.d",
		                             module),
			.reason = REASON_MODULE_DISABLED};
		break;
	case HOST_MODULE_MISSING:
		*ret = (struct lack){
			.text = mem_format("this kernel has no %s: there is no module %s",
		                           parts[part].words, module),
			.remedy = mem_dup("run a kernel that has it, or install the "
		                          "package of its modules"),
			.reason = REASON_MODULE_MISSING};
		break;
	}
}

void lack_find_kernel(const struct host *h, enum kernel_part part, struct lack *ret)
{
	struct err e = {0};
	int r = ret->text ? 1 : is_listed(h, part, &e);

	if (r > 0 || (r == -ENOENT && !recorded_or_live(h)))
		return;
	if (r < 0 && r != -ENOENT)
		lack_unknown(ret, part, e.text);
	else
		lack_module(h, part, ret);
}

bool lack_diff(const struct lack *l, struct change *ret)
{
	if (!l->text)
		return false;
	change_set(ret, STATE_FAILED, l->reason, "%s", l->text);
	if (l->remedy)
		change_remedy(ret, "%s", l->remedy);
	return true;
}

/* --- right before a write -------------------------------------------------------------
 */

/* What the kernel does first at a mount: without XFS, it has its module loaded. */
static int load_xfs(struct err *e)
{
	_close_ int fd = fsopen("xfs", FSOPEN_CLOEXEC);

	return fd < 0 ? err_errno(e, errno, "the kernel does not load XFS") : 0;
}

int lack_load_kernel(struct host *h, enum kernel_part part, enum reason *ret_reason,
                     struct err *e)
{
	struct err ignored;
	int r = host_live_check(h, &ignored) < 0 ? 1 : is_listed(h, part, e);

	/* the kernel here is not that of a captured tree */
	if (r > 0)
		return 0;
	if (r < 0 && r != -ENOENT)
		return r;
	r = part == KERNEL_XFS ? load_xfs(e) : host_module_load(h, parts[part].module, e);
	if (r == 0 && is_listed(h, part, e) <= 0)
		r = err_set(e, -ENODEV,
		            "the kernel does not have %s, although it loaded it",
		            parts[part].words);
	if (r < 0) {
		*ret_reason = REASON_REFUSED_BY_KERNEL;
		err_hint(e, "no drive was written to; load it first: modprobe %s",
		         parts[part].module);
	}
	return r;
}
