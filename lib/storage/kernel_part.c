/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/kernel_part.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/module/module.h"
#include "host/recorded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX_BYTES (1024 * 1024)

#define MODULES_DISABLED "/proc/sys/kernel/modules_disabled"

static const struct {
	const char *words, *module;
	const char *list, *item; /* where the kernel lists it once it is there, and how */
} parts[] = {
	[KERNEL_XFS] = {"XFS", "xfs", "/proc/filesystems", "xfs"},
	/* without md there is no such file */
	[KERNEL_RAID0] = {"RAID 0", "raid0", "/proc/mdstat", "[raid0]"},
};

void kernel_lack_done(struct kernel_lack *l)
{
	free(l->text);
	free(l->remedy);
	*l = (struct kernel_lack){0};
}

static void lack_unknown(struct kernel_lack *ret, enum kernel_part part, const char *why)
{
	*ret = (struct kernel_lack){
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

/* The kernel loads the module once it is needed, unless that is forbidden. */
static void lack_loading(const struct host *h, enum kernel_part part,
                         struct kernel_lack *ret)
{
	_free_ char *disabled = NULL;
	struct err e = {0};
	int r = host_file_read_line(h, MODULES_DISABLED, &disabled, &e);

	/* a kernel without sysctls cannot forbid it */
	if (r == -ENOENT)
		return;
	if (r < 0)
		lack_unknown(ret, part, e.text);
	else if (strcmp(disabled, "0") != 0)
		*ret = (struct kernel_lack){
			.text = mem_format("%s is a module that is not loaded, and "
		                           "kernel.modules_disabled forbids loading it",
		                           parts[part].words),
			.remedy = mem_format("reboot, and load the module %s before "
		                             "kernel.modules_disabled is set",
		                             parts[part].module),
			.reason = REASON_FAILED};
}

static void lack_module(const struct host *h, enum kernel_part part,
                        struct kernel_lack *ret)
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
	case HOST_MODULE_BUILTIN: break;
	case HOST_MODULE_AVAILABLE: lack_loading(h, part, ret); break;
	case HOST_MODULE_UNKNOWN:
		lack_unknown(ret, part, "the host has no list of its modules");
		break;
	case HOST_MODULE_DISABLED:
		*ret = (struct kernel_lack){
			.text = mem_format("modprobe.d disables the module %s of %s",
		                           module, parts[part].words),
			.remedy = mem_format("remove the line \"install %s ...\" from "
		                             "modprobe.d",
		                             module),
			.reason = REASON_MODULE_DISABLED};
		break;
	case HOST_MODULE_MISSING:
		*ret = (struct kernel_lack){
			.text = mem_format("this kernel has no %s: there is no module %s",
		                           parts[part].words, module),
			.remedy = mem_dup("run a kernel that has it, or install the "
		                          "package of its modules"),
			.reason = REASON_MODULE_MISSING};
		break;
	}
}

void kernel_lack_find(const struct host *h, enum kernel_part part,
                      struct kernel_lack *ret)
{
	struct err e = {0};
	int r = is_listed(h, part, &e);

	kernel_lack_done(ret);
	if (r > 0 || (r == -ENOENT && !recorded_or_live(h)))
		return;
	if (r < 0 && r != -ENOENT)
		lack_unknown(ret, part, e.text);
	else
		lack_module(h, part, ret);
}

bool kernel_lack_diff(const struct kernel_lack *l, struct change *ret)
{
	if (!l->text)
		return false;
	change_set(ret, STATE_FAILED, l->reason, "%s", l->text);
	change_remedy(ret, "%s", l->remedy);
	return true;
}
