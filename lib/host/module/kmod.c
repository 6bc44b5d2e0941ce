/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/module/kmod.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/file.h"
#include "host/host.h"
#include "host/process/child.h"
#include "host/recorded.h"

#include <libkmod.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIMEOUT_MS 10000

#define CONFIG_MAX_BYTES (1024 * 1024)

#define INDEX_MAGIC       0xb007f457
#define INDEX_OFFSET_MASK 0x0fffffff

/* libkmod returns after a look-up; without this line, it ended the child. */
#define END_LINE "end\n"

/* Where modprobe reads its configuration; a name in an earlier one hides later ones. */
static const char *const config_dirs[] = {"/etc/modprobe.d", "/run/modprobe.d",
                                          "/usr/local/lib/modprobe.d", "/lib/modprobe.d",
                                          "/usr/lib/modprobe.d"};

/* The kernel treats - and _ in module names as the same. */
static bool has_name(char *text, const char *name)
{
	_free_ char *plain = mem_dup(name);

	for (char *p = plain; (p = strchr(p, '-'));)
		*p = '_';
	for (char *p = text; (p = strchr(p, '-'));)
		*p = '_';
	return strstr(text, plain);
}

bool host_kmod_configures(const struct host *h, const char *name)
{
	struct err ignored;
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(config_dirs); i++) {
		_cleanup_(names_freep) char **names = NULL;

		(void)host_file_list(h, config_dirs[i], &names, &ignored);
		for (size_t j = 0; names && names[j]; j++) {
			_free_ char *path = mem_format("%s/%s", config_dirs[i], names[j]);
			_free_ char *text = NULL;

			if (host_file_read(h, path, CONFIG_MAX_BYTES, &text, &ignored) ==
			    0)
				found |= has_name(text, name);
		}
	}
	return found;
}

/*
 * Open a directory of the host, for a library that takes a path. Return: the path, owned;
 * NULL if there is no such directory.
 */
static char *open_directory(const struct host *h, const char *path, struct err *e)
{
	int fd = host_file_open(h, path, O_PATH | O_DIRECTORY, e);

	return fd < 0 ? NULL : mem_format("/proc/self/fd/%d", fd);
}

static struct kmod_ctx *open_indexes(const struct host *h, struct err *e)
{
	const char *config[ARRAY_SIZE(config_dirs) + 1] = {NULL};
	_free_ char *lists = mem_format("/lib/modules/%s", h->release);
	_free_ char *dir = open_directory(h, lists, e);
	struct kmod_ctx *ctx;
	struct err ignored;
	size_t n = 0;

	if (!dir)
		return NULL;
	/* the child ends soon: it leaves these paths, and the descriptors, to its end */
	for (size_t i = 0; i < ARRAY_SIZE(config_dirs); i++) {
		config[n] = open_directory(h, config_dirs[i], &ignored);
		n += config[n] != NULL;
	}
	ctx = kmod_new(dir, config);
	if (!ctx)
		(void)err_errno(e, errno ? errno : ENOMEM, "read %s", lists);
	return ctx;
}

static void log_nothing(void *data, int priority, const char *file, int line,
                        const char *function, const char *format, va_list ap)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)function;
	(void)format;
	(void)ap;
}

/* Whether an install command only ends: "/bin/true", as guides to hardening have it. */
static bool loads_nothing(const char *command)
{
	const char *word = command + strspn(command, " \t");
	size_t len = strcspn(word, " \t;&|");
	const char *slash = memrchr(word, '/', len);

	if (word[len] && !strchr(" \t", word[len]))
		return false;
	if (slash) {
		len -= (size_t)(slash + 1 - word);
		word = slash + 1;
	}
	return (len == 4 && strncmp(word, "true", len) == 0) ||
	       (len == 5 && strncmp(word, "false", len) == 0) ||
	       (len == 1 && *word == ':');
}

/* Add a line to `text`; nothing for a module that is neither built in nor a file. */
static void add_module(const struct kmod_module *m, struct buf *text)
{
	const char *install = kmod_module_get_install_commands(m);

	/* for one that is not built in, this is the state in the wrong sysfs: ours */
	if (kmod_module_get_initstate(m) == KMOD_MODULE_BUILTIN)
		buf_addf(text, "builtin %s\n", kmod_module_get_name(m));
	else if (install && loads_nothing(install))
		buf_addf(text, "disabled %s\n", kmod_module_get_name(m));
	else if (kmod_module_get_path(m) || install)
		buf_addf(text, "module %s\n", kmod_module_get_name(m));
}

struct lookup {
	const struct host *h;
	const char *name;
};

/* If libkmod ends the process, it must not write what we have not printed yet. */
static void silence(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		(void)dup2(fd, STDOUT_FILENO);
		(void)dup2(fd, STDERR_FILENO);
	}
}

/*
 * Runs in the child, which frees nothing: version 30 of libkmod ends the process if it
 * cannot read an index, and the files of a captured tree may be anything.
 */
static int look_up(void *arg, char *answer, struct err *e)
{
	const struct lookup *l = arg;
	struct kmod_list *list = NULL, *one;
	_buf_ struct buf text = {0};
	struct kmod_ctx *ctx;
	int r;

	silence();
	ctx = open_indexes(l->h, e);
	if (!ctx)
		return e->code;
	kmod_set_log_fn(ctx, log_nothing, NULL);
	r = kmod_module_new_from_lookup(ctx, l->name, &list);
	if (r < 0 && r != -ENOENT && r != -ENOSYS)
		return err_errno(e, -r, "look up %s", l->name);
	for (one = list; one; one = kmod_list_next(list, one))
		add_module(kmod_module_get_module(one), &text);
	buf_add(&text, END_LINE);
	if (text.len >= HOST_CHILD_TEXT_MAX)
		return err_set(e, -EFBIG, "look up %s: too many modules", l->name);
	memcpy(answer, text.text, text.len);
	return 0;
}

/*
 * libkmod takes an index that it cannot read for one that lacks the module: a file that
 * was cut, say when its file system was full, must not mean "this kernel has no such
 * module".
 */
static int check_index(const struct host *h, struct err *e)
{
	_free_ char *path = mem_format("/lib/modules/%s/modules.dep.bin", h->release);
	_close_ int fd = host_file_open(h, path, O_RDONLY | O_NONBLOCK, e);
	uint32_t header[3]; /* magic, version, offset of the root node with flags */
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0 ||
	    read(fd, header, sizeof(header)) != (ssize_t)sizeof(header) ||
	    ntohl(header[0]) != INDEX_MAGIC ||
	    (ntohl(header[2]) & INDEX_OFFSET_MASK) >= st.st_size)
		return err_set(e, -EBADMSG, "%s: is damaged (run depmod -a)", path);
	return 0;
}

static int ask_kmod(const struct host *h, const char *name, char **ret_lines,
                    struct err *e)
{
	struct lookup l = {h, name};
	_free_ char *text = NULL;
	char *end;
	int r = check_index(h, e);

	if (r == 0)
		r = host_child_run(h, 0, TIMEOUT_MS, look_up, &l, &text, e);
	end = text ? strstr(text, END_LINE) : NULL;
	if (r == 0 && !end)
		(void)err_set(e, -EIO, "cannot read the indexes in /lib/modules/%s",
		              h->release);
	if (!end)
		return err_wrap(e, "look up module %s", name);
	*end = '\0';
	*ret_lines = TAKE_PTR(text);
	return 0;
}

int host_kmod_find(const struct host *h, const char *name, char **ret_lines,
                   struct err *e)
{
	return recorded_word(h, "module", name, ask_kmod, ret_lines, e);
}
