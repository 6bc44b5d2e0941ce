/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "pods.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "diagnose/pods/pods.h"
#include "diagnose/pods/spec.h"
#include "test.h"
#include "tmproot.h"

struct diagnosis pods_diagnosis;
struct diagnose_run pods_run;

int pods_setup(void **state)
{
	int r = tmproot_setup(state);

	pods_run = (struct diagnose_run){.h = &tmproot.host, .d = &pods_diagnosis};
	return r;
}

int pods_teardown(void **state)
{
	measures_done(&pods_run.measures);
	diagnosis_done(&pods_diagnosis);
	return tmproot_teardown(state);
}

void pods_file(int pid, const char *name, const char *text)
{
	_free_ char *path = mem_format("/proc/%d/%s", pid, name);

	tmproot_write(path, text);
}

void pods_spec(const char *id, const char *text)
{
	_free_ char *path = pod_spec_path(id);

	tmproot_write(path, text);
}

void pods_container(int pid, const char *uid, const char *id, const char *mounts)
{
	_free_ char *cgroup = mem_format("0::/kubepods/pod%s/%s\n", uid, id);
	_free_ char *table =
		mem_format("900 800 0:70 / / rw - overlay overlay rw\n%s", mounts);

	pods_file(pid, "cgroup", cgroup);
	pods_file(pid, "mountinfo", table);
}

const char *pods_problems(void)
{
	struct buf b = {0};

	source_pods.end(&pods_run, NULL);
	for (size_t i = 0; i < pods_run.measures.n; i++) {
		const struct measure *m = &pods_run.measures.list[i];
		const char *name = measure_defs[m->id].name;

		if (m->id == MEASURE_VOLUME_STACKED && m->value > 1)
			buf_addf(&b, "stacked %d\n", (int)m->value);
		if (m->text && *m->text && !strstr(name, "_pod") &&
		    !strstr(name, "_has") && !strstr(name, "_directory"))
			buf_addf(&b, "%s %s\n", name, m->text);
	}
	for (size_t i = 0; i < pods_diagnosis.n_unchecked; i++)
		buf_addf(&b, "? %s\n", pods_diagnosis.unchecked[i].why);
	return keep_text(buf_take(&b));
}
