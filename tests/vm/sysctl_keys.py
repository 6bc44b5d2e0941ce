#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Find out what each key below /proc/sys accepts, by writing and reading back.

Runs in the test VM, as root: nothing else may depend on the values.

usage: sysctl_keys.py modules DIR   the modules that register sysctls
       sysctl_keys.py scan LIST     one line of JSON a key; LIST names the modules to load,
                                    what a module depends on before it
       sysctl_keys.py table SCAN... the rows of lib/sysctl/known/keys.def
       sysctl_keys.py relations     keys that change when another is written
       sysctl_keys.py profile       a profile that gives each writable key its own value
       sysctl_keys.py perturb       give each of them another value; print how many took one
"""
import json
import lzma
import os
import re
import subprocess
import sys

ROOT = "/proc/sys"

# Not written at all: reason.
UNTOUCHED = {
    "kernel.modules_disabled": "cannot be undone",
    "kernel.kexec_load_disabled": "cannot be undone",
    "kernel.kexec_load_limit_panic": "can only be lowered",
    "kernel.kexec_load_limit_reboot": "can only be lowered",
    "kernel.unprivileged_bpf_disabled": "1 cannot be undone",
    "kernel.yama.ptrace_scope": "3 cannot be undone",
    "kernel.usermodehelper.bset": "can only be lowered",
    "kernel.usermodehelper.inheritable": "can only be lowered",
    "vm.memfd_noexec": "can only be raised",
    "net.netfilter.nf_hooks_lwtunnel": "1 cannot be undone",
    "kernel.ns_last_pid": "changes by itself",
}

# Written with their own value only: others would stop or starve the machine.
OWN_ONLY = {
    "vm.min_free_kbytes",
    "vm.nr_hugepages",
    "vm.nr_hugepages_mempolicy",
    "vm.nr_overcommit_hugepages",
    "vm.admin_reserve_kbytes",
    "vm.user_reserve_kbytes",
    "vm.overcommit_memory",
    "vm.lowmem_reserve_ratio",
    "vm.watermark_boost_factor",
    "vm.watermark_scale_factor",
    "kernel.sysrq",
    "kernel.watchdog_thresh",
    "net.core.netdev_budget",
    "net.core.dev_weight",
    "fs.mount-max",
    "dev.tty.ldisc_autoload",
}

# A slow machine has stalls: with other values they would end the guest, or hang it.
STALLS = {
    "kernel.panic",
    "kernel.panic_on_oops",
    "kernel.panic_on_rcu_stall",
    "kernel.panic_on_warn",
    "kernel.hung_task_panic",
    "kernel.hung_task_timeout_secs",
    "kernel.softlockup_panic",
    "kernel.hardlockup_panic",
    "kernel.watchdog",
    "kernel.sched_rt_period_us",
    "kernel.sched_rt_runtime_us",
}


# A large value takes all memory.
NO_RANGE = {"net.netfilter.nf_conntrack_buckets"}

# Change by themselves.
SELF = {"kernel.random.uuid", "kernel.ns_last_pid", "fs.inode-nr", "fs.inode-state", "fs.file-nr", "fs.dentry-state"}


def keys():
    found = {}
    for base, _, names in os.walk(ROOT):
        for name in names:
            path = os.path.join(base, name)
            key = path[len(ROOT) + 1 :].translate(str.maketrans("./", "/."))
            found[key] = path
    return found


def read(path):
    try:
        with open(path, "rb", buffering=0) as f:
            text = b""
            while True:
                part = f.read(65536)
                if not part:
                    return text.decode("ascii", "replace")
                text += part
    except OSError as e:
        return e


def write(path, text):
    try:
        fd = os.open(path, os.O_WRONLY)
    except OSError as e:
        return e.errno
    try:
        os.write(fd, text.encode() + b"\n")
        return 0
    except OSError as e:
        return e.errno
    finally:
        try:
            os.close(fd)
        except OSError:
            pass


def collapse(text):
    return " ".join(text.split()) if isinstance(text, str) else None


def value(path):
    return collapse(read(path))


def modules(root):
    """Print the modules below `root` that register sysctls, and before each its needs."""
    needs = {}
    for line in open(os.path.join(root, "modules.dep")):
        name, rest = line.split(":", 1)
        needs[name] = rest.split()
    done = set()

    def registers(name):
        with open(os.path.join(root, name), "rb") as f:
            data = f.read()
        if name.endswith(".xz"):
            data = lzma.decompress(data)
        return any(word in data for word in (b"register_net_sysctl", b"register_sysctl"))

    def visit(name):
        if name in done:
            return
        done.add(name)
        for other_name in needs[name]:
            visit(other_name)
        if registers(name):
            print(os.path.basename(name).split(".ko")[0].replace("-", "_"))

    for name in sorted(needs):
        visit(name)


def takes(path, text, expect=None):
    """Whether the kernel takes the value and shows it."""
    return write(path, text) == 0 and value(path) == (text if expect is None else expect)


LIMITS = [1 << 31, 1 << 32, 1 << 63, 1 << 64]


def edge(good, bad, ok):
    """The last number that is ok, between one that is and one that is not."""
    while abs(good - bad) > 1:
        middle = (good + bad) // 2
        if ok(middle):
            good = middle
        else:
            bad = middle
    return good


def span(now, ok):
    """Lowest and highest number accepted around `now`."""
    high = low = now
    bad = None
    for limit in [100, 1000, 65536] + LIMITS:
        if limit - 1 <= high:
            continue
        if not ok(limit - 1):
            bad = limit - 1
            break
        high = limit - 1
    if bad is not None:
        high = edge(high, bad, ok)
    bad = None
    for limit in [1, 0, -1, -2, -(1 << 31), -(1 << 63)]:
        if limit >= low:
            continue
        if not ok(limit):
            bad = limit
            break
        low = limit
    if bad is not None:
        low = edge(low, bad, ok)
    return [low, high]


HZ = 250  # of Debian's kernels

# How the kernel rounds what it takes: name, whether it shows `shown` for `n`.
ROUNDS = {
    "BOOL": lambda n, shown: shown == (n != 0),
    "MS": lambda n, shown: n >= 0 and shown == -(-n * HZ // 1000) * 1000 // HZ,
    "CENTI": lambda n, shown: n >= 0 and shown == n * HZ // 100 * 100 // HZ,
    "POW2": lambda n, shown: n <= shown < 2 * max(n, 4096) and shown & (shown - 1) == 0,
    "UP512": lambda n, shown: shown == -(-n // 512) * 512,
}


def shown_for(path, n):
    return int(value(path)) if write(path, str(n)) == 0 else None


def rounding(path, now):
    """How the kernel rounds numbers near `now`; None: not at all."""
    seen = [(n, shown_for(path, n)) for n in [0, *range(now + 1, now + 9)]]
    write(path, str(now))
    seen = [(n, shown) for n, shown in seen if shown is not None]
    if all(n == shown for n, shown in seen):
        return None
    for name, ok in ROUNDS.items():
        if len(seen) > 2 and all(ok(n, shown) for n, shown in seen):
            return name
    # one that does not move keeps its value whatever is written
    return "STAYS" if len({shown for _, shown in seen}) == 1 else "other"


def number(path, now, words):
    """The shape of a key whose words are all numbers."""
    row = {"shape": "int" if words == 1 else "vector", "words": words}
    numbers = [int(w) for w in now.split()]
    as_hex = " ".join(("-" if n < 0 else "") + hex(abs(n)) for n in numbers)
    as_octal = " ".join(("-" if n < 0 else "") + "0%o" % abs(n) for n in numbers)
    row["hex"] = takes(path, as_hex, now)
    row["octal"] = takes(path, as_octal, now)
    return row


def classify(key, path, now):
    if write(path, now) != 0:
        for text in ("1", "65536", "1000000"):
            if now.isdigit() and takes(path, text):
                return {"shape": "int", "words": 1, "hex": True, "octal": True, "own": "refused", "from": text}
        return {"shape": "refused"}
    again = value(path)
    if again != now:
        return {"shape": "changing", "again": again}
    if "cpumask" in key or "cpulist" in key:
        return {"shape": "cpus"}
    if re.fullmatch(r"-?[0-9]+( -?[0-9]+)*", now):
        words = len(now.split())
        row = number(path, now, words)
        if row["hex"]:
            return row
        # a set that happens to look like a number: CPUs, ports, masks
        if words == 1 and write(path, "1") == 0:
            shown = value(path)
            write(path, now)
            return {"shape": "mask", "shows": shown}
        return {"shape": "digits"}
    if re.fullmatch(r"0x[0-9a-f]+", now):
        return {"shape": "hex"}
    return {"shape": "text"}


def sets(path, now):
    """What becomes of lists: ports, CPUs, words."""
    for text in ("9092,9093,9094", "9094 9092"):
        if write(path, text) == 0:
            shown = value(path)
            write(path, now)
            if shown == "9092-9094":
                return "ports"
    words = now.split()
    if len(words) > 1 and write(path, " ".join(reversed(words))) == 0:
        shown = value(path)
        write(path, now)
        if shown == now:
            return "words"
    for text in ("0,0", "0-0"):
        if write(path, text) == 0:
            shown = value(path)
            write(path, now)
            if shown == "0" and now in ("0", "0-0", "0-1", "0-3"):
                return "cpus"
    return None


def examine(key, path):
    mode = os.stat(path).st_mode & 0o777
    row = {"key": key, "mode": "%o" % mode}
    if not mode & 0o222:
        row["shape"] = "readonly"
        return row
    now = value(path) if mode & 0o444 else None
    if now is None:
        row["shape"] = "writeonly" if not mode & 0o444 else "unreadable"
        return row
    row["now"] = now
    if key in UNTOUCHED:
        row["shape"] = "untouched"
        return row
    row.update(classify(key, path, now))
    if row["shape"] in ("text", "digits", "mask", "list"):
        found = sets(path, now)
        if found:
            row["shape"] = found
        elif now == "" and write(path, "") == 0:
            row["empty"] = True
    if row["shape"] == "int" and key not in OWN_ONLY:
        start = int(row.get("from", now))
        how = rounding(path, start)
        if how:
            row["rounds"] = how
        shows = ROUNDS.get(how, lambda n, shown: n == shown)

        def ok_one(n):
            shown = shown_for(path, n)
            return shown is not None and shows(n, shown)

        if key not in NO_RANGE:
            row["range"] = span(start, ok_one)
        row["shows"] = value(path) if write(path, now) else now
    if row["shape"] == "vector" and key not in OWN_ONLY:
        words = now.split()
        row["ranges"] = []
        for i, word in enumerate(words):

            def ok(n, i=i):
                return takes(path, " ".join(words[:i] + [str(n)] + words[i + 1 :]))

            row["ranges"].append(span(int(word), ok))
            write(path, now)
    if value(path) != now:
        row["stuck"] = value(path)
    return row


def scan(names):
    known = {}

    def look(module):
        for key, path in sorted(keys().items()):
            if key in known:
                continue
            print("#", key, file=sys.stderr, flush=True)
            known[key] = row = examine(key, path)
            if module:
                row["module"] = module
            print(json.dumps(row), flush=True)

    subprocess.run(["ip", "link", "set", "lo", "up"], check=False)
    look(None)
    for name in open(names).read().split():
        done = subprocess.run(["modprobe", name], capture_output=True, text=True)
        if done.returncode:
            print("# module %s: %s" % (name, done.stderr.strip()), file=sys.stderr)
        look(name)


def other(key, path, now):
    """Give the key another value. Return it; None: there is none."""
    if key in UNTOUCHED:
        return None
    words = now.split()
    if not re.fullmatch(r"-?[0-9]+( -?[0-9]+)*", now):
        return None
    for step in (1, -1, 2, -2, 10, -10, 4096, 1000):
        for i in range(len(words)):
            changed = words[:i] + [str(int(words[i]) + step)] + words[i + 1 :]
            text = " ".join(changed)
            if write(path, text) == 0 and value(path) == text:
                return text
    return None


# --- the table ------------------------------------------------------------------------

# Ranges that depend on another value or on the machine: what the source has instead.
RANGES = {
    "kernel.cad_pid": (1, 4194304),  # an existing process
    "kernel.core_file_note_size_limit": (0, 2**32 - 1),
    "kernel.nmi_watchdog": (0, 1),  # refused without a performance counter
    "kernel.perf_event_max_stack": (0, 2**31 - 1),
    "kernel.random.urandom_min_reseed_secs": (-(2**31), 2**31 - 1),
    "kernel.random.write_wakeup_threshold": (-(2**31), 2**31 - 1),
    "kernel.sched_deadline_period_max_us": (0, 2**32 - 1),
    "kernel.sched_deadline_period_min_us": (0, 2**32 - 1),
    "kernel.sched_energy_aware": (0, 1),
    "kernel.sched_rt_period_us": (1, 2**31 - 1),
    "kernel.sched_rt_runtime_us": (-1, 2**31 - 1),
    "kernel.sysrq": (-(2**31), 2**31 - 1),
    "kernel.threads-max": (20, 2**31 - 1),
    "net.netfilter.nf_conntrack_buckets": (0, 2**31 - 1),
    "net.core.bpf_jit_limit": (1, 2**63 - 1),
    "net.core.flow_limit_table_len": (1, 2**31 - 1),
    "net.core.netdev_budget_usecs": (2000, 2**31 - 1),  # 2 s / HZ
    "net.ipv4.ip_unprivileged_port_start": (0, 65535),
    "net.ipv6.conf.*.mtu": (1280, 2**31 - 1),  # at most that of the interface
    "net.sctp.pf_retrans": (0, 65535),
    "net.sctp.plpmtud_probe_interval": (0, 2**31 - 1),  # 0, or 5000 and more
    "net.sctp.ps_retrans": (0, 65535),
    "net.sctp.rto_max": (1, 86400000),
    "net.sctp.rto_min": (1, 86400000),
    "vm.mmap_rnd_bits": (0, 64),  # of the architecture
    "vm.mmap_rnd_compat_bits": (0, 32),
}
WORDS_VARY = {"vm.lowmem_reserve_ratio"}  # one for each kind of zone
LOW = "6lowpanfrag_low_thresh ipfrag_low_thresh ip6frag_low_thresh nf_conntrack_frag6_low_thresh".split()
SHAPES = {
    # text since Linux 6.9
    "kernel.ftrace_dump_on_oops": "text",
    "net.ipv6.icmp.ratemask": "ports",
    "kernel.unprivileged_bpf_disabled": "int",
    "vm.stat_refresh": "writeonly",
}
NAMES = {
    -(2**63): "INT64_MIN",
    -(2**31): "INT32_MIN",
    2**31 - 1: "INT32_MAX",
    2**32 - 1: "UINT32_MAX",
    2**63 - 1: "INT64_MAX",
    2**64 - 1: "UINT64_MAX",
}
PER_INTERFACE = re.compile(r"net\.(ipv4|ipv6|mpls)\.(conf|neigh)\.[^.]+\.")


def pattern(key):
    return PER_INTERFACE.sub(r"net.\1.\2.*.", key)


def widest(key, rows):
    """The range that some kernel, some interface or another HZ accepts."""
    if key in RANGES:
        return RANGES[key]
    if any(key.endswith(part.replace("low", "high")) or key.endswith(part) for part in LOW):
        return (0, 2**64 - 1)
    ranges = [row["range"] for row in rows if "range" in row]
    if not ranges:
        return (-(2**31), 2**31 - 1)
    # seconds are stored in ticks: a kernel with HZ=100 accepts more of them
    scale = {8589934: 21474836, -8589934: -21474836, 17179869: 42949672, 36893488147419103: (2**63 - 1) // 100}
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
    return (scale.get(low, low), scale.get(high, high))


def row_of(key, rows):
    shapes = {row["shape"] for row in rows}
    shape = SHAPES.get(key) or min(shapes - {"refused", "readonly"} or shapes - {"readonly"} or shapes)
    if shape in ("refused", "untouched", "changing"):
        words = len(rows[0].get("now", "").split())
        shape = "vector" if words > 1 else "int"
    how = {row["rounds"] for row in rows if "rounds" in row} - {"other"}
    words = max(len(row.get("now", "").split()) for row in rows) if shape == "vector" else 1
    if key in WORDS_VARY:
        words = 0
    low, high = widest(key, rows) if shape == "int" else (0, 0)
    if shape == "int" and how:
        shape = sorted(how)[0].lower()
        if shape == "stays":
            low, high = -(2**31), 2**31 - 1
    if shape in ("unreadable", "digits"):
        shape = "text"
    home = next((row["module"] for row in rows if "module" in row), "")
    if any("module" not in row for row in rows if row["shape"] != "x"):
        home = ""
    return 'K(%s, %d, %s, %s, "%s", "%s")' % (
        shape.upper().replace("READONLY", "READ_ONLY").replace("WRITEONLY", "WRITE_ONLY"),
        words,
        NAMES.get(low, str(low)),
        NAMES.get(high, str(high)),
        key,
        home,
    )


def table(files):
    rows = {}
    for name in files:
        for line in open(name):
            row = json.loads(line)
            rows.setdefault(pattern(row["key"]), []).append(row)
    print("/* SPDX-License-Identifier: Apache-2.0 OR MIT */")
    print("/* Made by tests/vm/sysctl-keys.sh: change that, not this. */")
    for key in sorted(rows):
        print(row_of(key, rows[key]))


# --- other values ---------------------------------------------------------------------


def group(key):
    parts = key.split(".")
    return ".".join(parts[:2]) if parts[0] == "net" else parts[0]


def relations():
    all_keys = keys()
    groups = {}
    for key, path in all_keys.items():
        groups.setdefault(group(key), []).append((key, path))
    for members in groups.values():
        before = {k: value(p) for k, p in members}
        for key, path in sorted(members):
            now = before[key]
            if now is None or not os.access(path, os.W_OK) or not os.stat(path).st_mode & 0o222:
                continue
            if key in OWN_ONLY or other(key, path, now) is None:
                continue
            moved = [k for k, p in members if k != key and k not in SELF and value(p) != before[k]]
            back = write(path, now)
            stay = [k for k, p in members if k not in SELF and value(p) != before[k]]
            if moved or stay:
                print(json.dumps({"key": key, "moves": moved, "stay": stay, "back": back}), flush=True)
            for k, p in members:
                if k in stay and before[k] is not None:
                    write(p, before[k])
            before = {k: value(p) for k, p in members}


# Not part of the sweep, and why.
UNSWEPT = {
    "kernel.max_rcu_stall_to_panic": "its own value, 0, cannot be written",
    "kernel.sched_energy_aware": "cannot be written on this machine",
    "kernel.nmi_watchdog": "cannot be written on this machine",
    "kernel.soft_watchdog": "changes with kernel.watchdog",
    "kernel.cad_pid": "reads 0 where its process is of another namespace",
    "kernel.tainted": "bits can only be added",
    "kernel.random.write_wakeup_threshold": "keeps its value, whatever is written",
    "kernel.random.urandom_min_reseed_secs": "keeps its value, whatever is written",
    "vm.nr_hugepages_mempolicy": "another name of vm.nr_hugepages",
    "vm.numa_zonelist_order": "keeps its value, whatever is written",
    "net.ipv4.tcp_fastopen_key": "a random key is drawn when it is first used",
}
OTHER_UNIT = re.compile(r"\.neigh\.[^.]*\.(retrans_time|base_reachable_time|unres_qlen)$|\.route\.gc_min_interval$")


def swept(key, path):
    """Whether the sweep writes the key. A key of the same value in another unit is enough."""
    mode = os.stat(path).st_mode
    return (
        mode & 0o222
        and mode & 0o444
        and key not in UNSWEPT
        and key not in SELF
        and key not in UNTOUCHED
        and not OTHER_UNIT.search(key)
        and isinstance(read(path), str)
        and key != "vm.stat_refresh"
    )


def profile():
    """Print a profile that gives each writable key the value that it has."""
    loaded = {line.split()[0] for line in open("/proc/modules")}
    print("version: 1\npersist: false\nmodules: [%s]\nsysctl:" % ", ".join(sorted(loaded)))
    # writing these resets others
    paths = keys()
    first = [k for k in sorted(paths) if k.endswith("forwarding") or k == "net.ipv4.ip_forward"]
    for key in first + [k for k in sorted(paths) if k not in first]:
        path = paths[key]
        if swept(key, path):
            print("  %s: %s" % (key, json.dumps(value(path))))


def perturb():
    """Give each key another value, if it has one."""
    changed = 0
    for key, path in sorted(keys().items()):
        if swept(key, path) and key not in OWN_ONLY and key not in STALLS:
            changed += other(key, path, value(path)) is not None
    print(changed)


def main():
    command, rest = sys.argv[1], sys.argv[2:]
    commands = {
        "modules": modules,
        "scan": scan,
        "relations": relations,
        "table": lambda *files: table(files),
        "profile": profile,
        "perturb": perturb,
    }
    commands[command](*rest)


if __name__ == "__main__":
    main()
