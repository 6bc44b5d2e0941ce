/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/stats.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "host/host.h"
#include "nfsd/server.h"
#include "nfsd/tcp.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NFS_PORT 2049

/* The parent of all kernel threads, visible only in the initial PID namespace. */
#define KTHREADD 2

/* --- text -------------------------------------------------------------------------- */

/* The number after blanks at `*text`; *text moves past it. 0 if there is none. */
static uint64_t next_number(const char **text)
{
	uint64_t value = 0;
	const char *p = *text + strspn(*text, " \t");

	for (; *p >= '0' && *p <= '9'; p++)
		value = value * 10 + (uint64_t)(*p - '0');
	*text = p + strcspn(p, " \t\n");
	return value;
}

/* What follows `word` at the start of a line; NULL: no such line. */
static const char *line_of(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, word, len) == 0 && strchr(" \t:", line[len]) &&
		    line[len])
			return line + len + (line[len] == ':');
		if (!*line)
			break;
	}
	return NULL;
}

static bool nfsd_stats_number_of(const char *text, const char *word, uint64_t *ret)
{
	const char *line = line_of(text, word);

	if (line)
		*ret = next_number(&line);
	return line != NULL;
}

/* "proc3 22 <NULL> <GETATTR> ...": all but the NULL call, which is only a ping. */
static uint64_t calls_of(const char *text, const char *word)
{
	const char *line = line_of(text, word);
	uint64_t n, sum = 0;

	if (!line)
		return 0;
	n = next_number(&line);
	for (uint64_t i = 0; i < n && *line && *line != '\n'; i++) {
		uint64_t calls = next_number(&line);

		sum += i > 0 ? calls : 0;
	}
	return sum;
}

void nfsd_stats_parse_rpc(const char *text, struct nfsd_stats *ret)
{
	const char *net = line_of(text, "net"), *rpc = line_of(text, "rpc");

	if (!net || !rpc || !nfsd_stats_number_of(text, "th", &ret->all_threads))
		return;
	/* net PACKETS UDP TCP CONNECTIONS */
	ret->packets = next_number(&net);
	(void)next_number(&net);
	(void)next_number(&net);
	ret->connections = next_number(&net);
	ret->calls = next_number(&rpc);
	ret->v3_calls = calls_of(text, "proc3");
	ret->v4_calls = calls_of(text, "proc4");
	ret->has_rpc = true;
}

void nfsd_stats_parse_pools(const char *text, struct nfsd_stats *ret)
{
	/* "0 26 0 26 0", after a header line */
	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *p;

		line += *line == '\n';
		if (*line < '0' || *line > '9')
			continue;
		p = line;
		(void)next_number(&p);
		ret->pools++;
		ret->arrived += next_number(&p);
		ret->enqueued += next_number(&p);
		ret->woken += next_number(&p);
	}
	ret->has_pools = ret->pools > 0;
}

void nfsd_stats_parse_filecache(const char *text, struct nfsd_stats *ret)
{
	ret->has_filecache =
		nfsd_stats_number_of(text, "total inodes", &ret->inodes) &&
		nfsd_stats_number_of(text, "lru entries", &ret->lru) &&
		nfsd_stats_number_of(text, "cache hits", &ret->hits) &&
		nfsd_stats_number_of(text, "acquisitions", &ret->acquisitions);
}

void nfsd_stats_parse_task(const char *text, struct nfsd_stats *ret)
{
	/* "812 (nfsd) S 2 0 ...": state, parent, nine more, then user and system time */
	const char *name = strchr(text, '('), *end = strrchr(text, ')');
	long ticks = sysconf(_SC_CLK_TCK);
	uint64_t user, system;
	unsigned parent;
	char state;

	if (!name || !end || end - name != 5 || strncmp(name, "(nfsd", 5) != 0 ||
	    sscanf(end,
	           ") %c %u %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64,
	           &state, &parent, &user, &system) != 4 ||
	    parent != KTHREADD)
		return;
	ret->tasks++;
	ret->running += state == 'R';
	ret->blocked += state == 'D';
	ret->cpu_ms += (user + system) * 1000 / (uint64_t)(ticks > 0 ? ticks : 100);
}

/* --- the host ---------------------------------------------------------------------- */

static void nfsd_stats_read_file(const struct host *h, const char *file,
                                 void (*parse)(const char *, struct nfsd_stats *),
                                 struct nfsd_stats *ret)
{
	_free_ char *text = NULL;
	struct err ignored;

	if (nfsd_server_read(h, file, &text, &ignored) == 0)
		parse(text, ret);
}

static void read_tasks(const struct host *h, struct nfsd_stats *ret)
{
	__attribute__((cleanup(names_freep))) char **names = NULL;
	struct err ignored;

	if (host_file_list(h, "/proc", &names, &ignored) < 0)
		return;
	for (char **name = names; *name; name++) {
		_free_ char *path = mem_format("/proc/%s/stat", *name), *text = NULL;

		if (**name < '0' || **name > '9' ||
		    host_file_read_line(h, path, &text, &ignored) < 0)
			continue;
		ret->has_tasks |= strcmp(*name, "2") == 0 && strstr(text, "(kthreadd)");
		nfsd_stats_parse_task(text, ret);
	}
}

/*
 * svc_check_conn_limits(): (threads + 3) * 20 connections unless max_connections is set.
 * In 6.12 the limit applies only to peers that are not yet authenticated; the source of
 * the versions in between was not checked.
 */
static void read_open_max(const struct host *h, unsigned threads, struct nfsd_stats *ret)
{
	_free_ char *text = NULL;
	struct err ignored;
	uint64_t set = 0;
	int r;

	ret->has_open_max = h->kernel > NUM_VERSION(6, 1);
	if (h->kernel == 0 || ret->has_open_max)
		return;
	r = nfsd_server_read(h, "max_connections", &text, &ignored);
	if (r == 0)
		r = num_u64(text, &set);
	ret->has_open_max = r == 0 || r == -ENODATA;
	if (ret->has_open_max)
		ret->open_max = set > 0 ? set : ((uint64_t)threads + 3) * 20;
}

static void read_rpc(const struct host *h, struct nfsd_stats *ret)
{
	_free_ char *text = NULL;
	struct err ignored;

	if (host_file_read(
		    h, h->live ? "/proc/thread-self/net/rpc/nfsd" : "/proc/net/rpc/nfsd",
		    65536, &text, &ignored) == 0)
		nfsd_stats_parse_rpc(text, ret);
}

void nfsd_stats_read(const struct host *h, unsigned threads, struct nfsd_stats *ret)
{
	struct tcp_sockets tcp;

	*ret = (struct nfsd_stats){0};
	read_rpc(h, ret);
	nfsd_stats_read_file(h, "pool_stats", nfsd_stats_parse_pools, ret);
	nfsd_stats_read_file(h, "filecache", nfsd_stats_parse_filecache, ret);
	read_tasks(h, ret);
	ret->has_open = tcp_sockets_count(h, NFS_PORT, &tcp) == 0;
	ret->open = ret->has_open ? tcp.established : 0;
	read_open_max(h, threads, ret);
}

struct nfsd_stats nfsd_stats_since(const struct nfsd_stats *before,
                                   const struct nfsd_stats *now)
{
	static const size_t counters[] = {
		offsetof(struct nfsd_stats, packets),
		offsetof(struct nfsd_stats, connections),
		offsetof(struct nfsd_stats, calls),
		offsetof(struct nfsd_stats, v3_calls),
		offsetof(struct nfsd_stats, v4_calls),
		offsetof(struct nfsd_stats, arrived),
		offsetof(struct nfsd_stats, enqueued),
		offsetof(struct nfsd_stats, woken),
		offsetof(struct nfsd_stats, hits),
		offsetof(struct nfsd_stats, acquisitions),
		offsetof(struct nfsd_stats, cpu_ms),
	};
	struct nfsd_stats since = *now;

	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		uint64_t had, *value;

		memcpy(&had, (const char *)before + counters[i], sizeof(had));
		value = (uint64_t *)(void *)((char *)&since + counters[i]);
		if (*value >= had)
			*value -= had;
	}
	return since;
}
