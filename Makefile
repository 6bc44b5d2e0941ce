# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   make              build build/hosttune
#   make check        all tests on both kernels (needs root; installs what is missing)
#   make check-full   the same, every VM script on both kernels, the main ones on kernels 5.10
#                     and 7.x, and the Debian package on Debian 12 and 13 with systemd; takes
#                     more than an hour
#   make check-unit   the quick ones: unit tests and golden cases
#   make demo         see it work: real NVMe drives in a VM, as a bootstrap container
#   make bench        both builds against other programs and against a floor: one table, and
#                     build/bench/bench.json; make performance: docs/performance.md from it
#   make lab          measure what the profiles change, and write docs/effect.md
#   make bench-vm     format 1 to 8 drives, change nfsd threads, and measure an idle watch
#   make fuzz         fuzzers in parallel, TIME=60 seconds each, or RUNS=5000000 inputs in all;
#                     prints a table; continues where the last one ended
#   make fuzz-corpus  each input of their corpus once; make fuzz-coverage: what they reach;
#                     make fuzz-minimise: the inputs that reach it
#   make campaign     each system call of some commands failed once, by eight errors, on a captured
#                     node and in the VM: one table; takes hours, continues after an interruption
#   make coverage     how much of lib/ the tests reach, on this machine and in the VM, by room;
#                     takes an hour; FILES=-v: by file
#   make check-msan   what parses, with clang's memory sanitizer; builds some libraries first
#   make torture      power cuts and signals at random moments of an apply, kills at each call;
#                     takes hours; SIGNALS=200: how many moments for signals
#   make stage-logs   kernel logs of real faults for tests/diagnose/logs, made in the VM; takes
#                     an hour; STAGE=lockups: only this group
#   make static       one static program in build/static/ARCH, its debug file beside it;
#                     ARCH=amd64 or arm64; builds all libraries first, in some minutes
#   make image        the container image of both in build/image, without a builder or a registry
#   make install      uses DESTDIR, prefix, sysconfdir and unitdir; make uninstall
#   make dist | deb   the committed tree as a tarball; the Debian package from it: ARCH=arm64, as root
#   make release      all artefacts of a release with SHA256SUMS, verified, in build/release
#   make docs         docs/profiles.md from the profiles; docs/reasons.md, docs/rules.md and docs/sysctls.md
#                     from the tables of the program; docs/audit.svg from an audit,
#                     docs/demo.svg from docs/demo.txt, which make demo RECORD=1 writes
#   make fmt | fmt-check | layers | headers | lint | words | analyze | tidy | clean
#
# B=dir builds elsewhere; V=1 shows commands; WERROR=1 for development and CI;
# SAN=address,undefined builds with sanitizers.

B        ?= build
prefix   ?= /usr/local
bindir   ?= $(prefix)/bin
datadir  ?= $(prefix)/share
mandir   ?= $(datadir)/man
sysconfdir ?= /etc
unitdir  ?= $(prefix)/lib/systemd/system

# the one place of the version: tests/lint/version.sh compares what cannot derive from it
VERSION  := 0.1.0
PACKAGES := yaml-0.1 jansson mount blkid libmnl libcurl libkmod libarchive zlib
PKGCONF  ?= pkg-config
CFLAGS   ?= $(if $(SAN),-O1 -g1,-O2 -g)

Q := $(if $(V),,@)
# the end of a rule that writes FILE.tmp, which becomes FILE or goes: ... >FILE.tmp && $(call done,FILE)
done = mv $(1).tmp $(1) || { rm -f $(1).tmp; exit 1; }
say = @$(if $(V),:,printf '  %-6s %s\n' $(1) $(2))

.PHONY: all
all: $(B)/hosttune

# --- flags: optional ones are probed once per build directory ------------------------

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wformat=2 \
	-Wformat-nonliteral -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla \
	-Walloca -Wswitch-enum -Wnull-dereference -Wimplicit-fallthrough -Wredundant-decls \
	-Wnested-externs -Wdouble-promotion -Wdate-time -fno-common \
	-Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion \
	-Werror=format-security -Werror=discarded-qualifiers
PROBED := -Wformat-signedness -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
	-Wjump-misses-init -Wcast-align=strict -Wtrampolines -Wbidi-chars=any \
	-Wcomma -Wassign-enum -Wunreachable-code
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full \
	-mbranch-protection=standard -ftrivial-auto-var-init=zero \
	-fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing \
	-fstrict-flex-arrays=3 -D_FORTIFY_SOURCE=3 -fPIE
HARDEN_LD := -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code \
	-Wl,--as-needed
# for the 200 programs of tests and what has sanitizers: it links them in a third of the time
QUICK_LD := -fuse-ld=lld

# not for goals that build nothing directly: they first install what the probe needs
ifneq ($(filter-out static static-tests guest image release check check-full demo bench bench-vm lab performance torture campaign coverage stage-logs fuzz fuzz-corpus fuzz-minimise fuzz-coverage check-msan clean fmt fmt-check lint words,$(or $(MAKECMDGOALS),all)),)
-include $(B)/flags.mk
endif

try = if echo 'int main(void){return 0;}' | \
	$(CC) -O2 -Werror $(1) $$f -x c - -o /dev/null 2>/dev/null; then printf ' %s' "$$f"; fi
$(B)/flags.mk: Makefile
	$(Q)mkdir -p $(B)
	$(Q)command -v $(firstword $(CC)) $(PKGCONF) >/dev/null && \
	$(PKGCONF) --exists --print-errors $(PACKAGES) || \
	{ echo 'missing: see above; packaging/deps.sh build installs it' >&2; exit 1; }
	$(Q){ printf 'PROBED_OK :='; for f in $(PROBED); do $(call try); done; echo; \
	printf 'HARDEN_OK :='; $(if $(SAN),,for f in $(HARDEN); do $(call try); done;) echo; \
	printf 'LD_OK :='; for f in $(if $(SAN),$(QUICK_LD),$(HARDEN_LD)); do $(call try,-fPIE); done; echo; \
	printf 'TEST_LD_OK :='; for f in $(if $(SAN),,$(QUICK_LD)); do $(call try,-fPIE); done; echo; \
	printf 'PKG_CFLAGS := %s\n' "$$($(PKGCONF) --cflags $(PACKAGES))"; \
	printf 'PKG_LIBS := %s\n' "$$($(PKGCONF) --libs $(PACKAGES))"; } >$@.tmp && $(call done,$@)

SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# clang calls -Wdiscarded-qualifiers -Wincompatible-pointer-types-discards-qualifiers
WARN_CC  := $(if $(findstring clang,$(CC)),$(filter-out -Werror=discarded-qualifiers,$(WARN)) \
	-Werror=incompatible-pointer-types-discards-qualifiers,$(WARN))
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Ilib -Icmd -I$(B) $(WARN_CC) $(PROBED_OK) $(if $(WERROR),-Werror) \
	$(if $(SAN),,-U_FORTIFY_SOURCE) $(HARDEN_OK) $(SANFLAGS) $(PKG_CFLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP
ALL_LDFLAGS = $(LD_OK) $(SANFLAGS) $(CFLAGS) $(LDFLAGS)

# --- program -------------------------------------------------------------------------

LIB_SRC := $(sort $(wildcard lib/*/*.c lib/*/*/*.c))
CMD_SRC := $(sort $(wildcard cmd/*.c))
PACKED  := causes completions disk_reasons effects help keys page profiles prose reasons rules sysctls units
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o) $(PACKED:%=$(B)/packed/%.o)
CMD_OBJ := $(CMD_SRC:%.c=$(B)/%.o)
PROFILES := $(sort $(wildcard profiles/*.yaml))

$(B)/hosttune: $(CMD_OBJ) $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/libhosttune.a: $(LIB_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) qcs $@ $^

$(B)/%.o: %.c $(B)/flags.mk
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

$(addprefix $(B)/cmd/,main.o collect.o userdata.o): CPPFLAGS += -DHOSTTUNE_VERSION='"$(VERSION)"'

# texts that lib/base/embed.sh packs; base/text/packed.h names them
packed_causes       := table 'CAUSE(...)' lib/baseline/cause.def
packed_completions  := files $(addprefix packaging/completion/hosttune.,bash fish zsh)
packed_disk_reasons := table 'R(id, word, group, ...)' lib/storage/block/disk_reason.def
packed_effects      := table 'E(...)' lib/explain/effect.def
packed_help         := files $(sort $(wildcard cmd/help/*.txt))
packed_keys         := table 'K(...)' lib/explain/keys.def
packed_page         := page lib/report/html/page.css lib/report/html/page.js
packed_profiles     := files $(PROFILES)
packed_prose        := table 'P(...)' lib/sysctl/known/prose.def
packed_reasons      := table 'R(id, word, states, ...)' lib/resource/reason.def
packed_rules        := rules $(sort $(wildcard lib/diagnose/rules/*.yaml))
packed_sysctls      := table 'K(shape, words, min, max, key, module)=key " " module " " \#shape " " \#words " " \#min " " \#max,' \
	lib/sysctl/known/keys.def
packed_units        := files packaging/systemd/hosttune-apply.service
$(foreach p,$(PACKED),$(eval $(B)/packed/$(p).c: $(wildcard $(packed_$(p)))))
$(PACKED:%=$(B)/packed/%.c): $(B)/packed/%.c: lib/base/embed.sh Makefile
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && CC='$(CC)' sh lib/base/embed.sh $* $(packed_$*) >$@.tmp && $(call done,$@)
$(PACKED:%=$(B)/packed/%.o): %.o: %.c $(B)/flags.mk
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@

# --- tests ---------------------------------------------------------------------------

UNIT_SRC := $(sort $(wildcard tests/unit/*/test_*.c))
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(B)/unit/%)
UNIT_HELP := $(patsubst %.c,$(B)/%.o,$(wildcard tests/unit/*.c))

.PHONY: unit-tests
unit-tests: $(UNIT_BIN) $(B)/api-stub ;
.SECONDARY:
$(B)/unit/%: $(B)/tests/unit/%.o $(UNIT_HELP) $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) $(TEST_LD_OK) -o $@ $^ $(PKG_LIBS) -lcmocka

API_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/api/*.c)))
$(B)/api-stub: $(API_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -lhttp_parser $(PKG_LIBS)

API_CLIENT_OBJ := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/api-client/*.c)))
$(B)/api-recorded: $(API_CLIENT_OBJ) $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/nfsd-netlink: $(B)/tests/vm/nfsd_netlink.o $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/sysctl-keys: $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/vm/keys/*.c))) $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/notify-socket: $(B)/tests/vm/notify_socket.o
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^

$(B)/kill-at: $(B)/tests/vm/kill_at.o $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# runs from the memory of guests, so that the time of its start is that of the guest
$(B)/lab-tool: $(wildcard tests/lab/tool/*.c tests/lab/tool/*.h) $(B)/flags.mk
	$(call say,LD,$@)
	$(Q)$(CC) -static $(filter-out -MMD -MP -fPIE,$(ALL_CFLAGS)) -O2 -fno-sanitize=all -o $@ $(filter %.c,$^)

$(B)/browser: $(B)/tests/formats/browser.o
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -ljansson

# starts faster in guests
$(B)/fail-at: $(wildcard tests/faults/fail_at/*.c tests/faults/fail_at/*.h) lib/base/macro.h $(B)/flags.mk
	$(call say,LD,$@)
	$(Q)$(CC) -static $(filter-out -MMD -MP,$(ALL_CFLAGS)) -fno-sanitize=all -o $@ $(filter %.c,$^)

# a library to preload; it is no part of the program, and has no sanitizer
$(B)/no-memory.so: tests/faults/no_memory.c $(B)/flags.mk
	$(call say,LD,$@)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN_CC) $(if $(WERROR),-Werror) -O2 -g -fPIC -shared -o $@ $<

# runs below roots that have no libraries
$(B)/show: tests/power/show.c $(B)/flags.mk
	$(call say,LD,$@)
	$(Q)$(CC) -static $(filter-out -MMD -MP,$(ALL_CFLAGS)) -fno-sanitize=all -o $@ $(filter %.c,$^)

# the program without the filters and limits in which valgrind itself cannot run
VALGRIND_OBJ := $(patsubst %,$(B)/valgrind/%.o,cmd/main lib/confine/confine lib/base/memory_limit)
$(B)/valgrind/%.o: CPPFLAGS += -DFOR_VALGRIND -DHOSTTUNE_VERSION='"$(VERSION)"'
$(B)/valgrind/%.o: %.c $(B)/flags.mk
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c $< -o $@
$(B)/valgrind/hosttune: $(filter-out $(B)/cmd/main.o,$(CMD_OBJ)) $(VALGRIND_OBJ) $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/tests/unit/%.o: CPPFLAGS += -Itests/unit

# the program with one more kind: its file, and one more line in the list of kinds
NEW_KIND := $(B)/new-kind
$(NEW_KIND)/resource/kinds.h: lib/resource/kinds.h
	$(Q)mkdir -p $(@D)
	$(Q)awk '{ print } /K\(sysctl\)/ { print "\tK(motd) \\" }' $< >$@
$(NEW_KIND)/%.o: tests/new-kind/%.c $(NEW_KIND)/resource/kinds.h
	$(call say,CC,$<)
	$(Q)$(CC) -I$(NEW_KIND) $(ALL_CFLAGS) -c $< -o $@
$(NEW_KIND)/kinds.o: lib/resource/kinds.c $(NEW_KIND)/resource/kinds.h
	$(call say,CC,$<)
	$(Q)$(CC) -I$(NEW_KIND) $(ALL_CFLAGS) -c $< -o $@
$(NEW_KIND)/hosttune: $(CMD_OBJ) $(NEW_KIND)/kinds.o $(NEW_KIND)/kind_motd.o $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# --- the static program --------------------------------------------------------------
#
# The same source, compiled and linked with the libraries of packaging/static. All paths in
# it are made neutral: it is the same from every directory.

HOST_ARCH := $(if $(filter aarch64,$(shell uname -m)),arm64,amd64)
STATIC  := $(B)/static
# musl declares the request of ioctl as int
STATIC_CFLAGS = -Ipackaging/static/include -Wno-overflow -Wno-sign-conversion -Oz -g -ffunction-sections -fdata-sections -fno-unwind-tables \
	-fno-asynchronous-unwind-tables -fcf-protection=none -ffile-prefix-map=$(CURDIR)=/usr/src/hosttune \
	-ffile-prefix-map=$(abspath $(STATIC)/$*/root)= -ffile-prefix-map=$(STATIC)/$*/program=.
# No frame pointers, as on amd64. The kernel protects branches (BTI) only in programs whose C library
# has it, too; signed return addresses stay. The canary is read from where musl keeps it for each
# thread: the variable takes one more instruction, twice in a function.
STATIC_CFLAGS_arm64 := -fomit-frame-pointer -mbranch-protection=pac-ret -mstack-protector-guard=sysreg \
	-mstack-protector-guard-reg=tpidr_el0 -mstack-protector-guard-offset=-16
STATIC_LDFLAGS := -static-pie -fuse-ld=lld -Wl,--gc-sections -Wl,--icf=all -Wl,-O2 \
	-Wl,--pack-dyn-relocs=relr -Wl,-z,noseparate-code
STATIC_LIBS := -lcompat -lcurl -larchive -lkmod -lmount -lblkid -lmnl -lyaml -ljansson -lz
STATIC_MAKE = $(MAKE) --no-print-directory B=$(@D) CC=$(abspath $(STATIC)/$*/cc) PKGCONF=true SAN= \
	CFLAGS='$(STATIC_CFLAGS) $(STATIC_CFLAGS_$*)' LDFLAGS='$(STATIC_LDFLAGS)' PKG_CFLAGS= PKG_LIBS='$(STATIC_LIBS)'

.PHONY: static FORCE
static: $(STATIC)/$(or $(ARCH),$(HOST_ARCH))/hosttune

$(STATIC)/%/libraries: FORCE
	$(Q)packaging/static/libraries.sh $* $(STATIC)
$(STATIC)/%/program/hosttune: $(STATIC)/%/libraries FORCE
	$(Q)$(STATIC_MAKE) $@
$(STATIC)/%/hosttune: $(STATIC)/%/program/hosttune
	$(call say,STRIP,$@)
	$(Q)packaging/static/licences.sh $(STATIC) $* $(@D)/licences packaging/static/sources
	$(Q)$(STATIC)/$*/strip $< $@
.PRECIOUS: $(STATIC)/%/libraries $(STATIC)/%/program/hosttune

# the unit tests and the stub of the API with these libraries; tests/arm64 runs those of another
# architecture
.PHONY: static-tests
static-tests: $(STATIC)/$(or $(ARCH),$(HOST_ARCH))/program/unit
$(STATIC)/%/program/unit: $(STATIC)/%/hosttune FORCE
	$(Q)tests/arm64/test-libraries.sh $(STATIC)/$*
	$(Q)$(STATIC_MAKE) $(UNIT_SRC:tests/unit/%.c=$(@D)/unit/%) $(@D)/api-stub
FORCE:

# --- the container image, for both architectures ---------------------------------------

IMAGE_ARCHS ?= amd64 arm64
.PHONY: image
image: $(IMAGE_ARCHS:%=$(STATIC)/%/hosttune)
	$(call say,IMAGE,$(B)/image)
	$(Q)packaging/image/build.sh $(STATIC) $(B)/image $(VERSION) $(IMAGE_ARCHS)

# a root file system with the ordinary program, for containers of guest scripts
.PHONY: rootfs
rootfs: $(B)/rootfs/usr/bin/hosttune
$(B)/rootfs/usr/bin/hosttune: $(B)/hosttune tests/vm/rootfs.sh
	$(call say,COPY,$(B)/rootfs)
	$(Q)rm -rf $(B)/rootfs
	$(Q)tests/vm/rootfs.sh $< $(B)/rootfs

# What guests of make check run: the static program, which starts 25 times faster in software
# emulation and is what ships, and the helpers. HOSTTUNE_B=$(B)/guest.
.PHONY: guest
guest: $(B)/guest/hosttune
$(B)/guest/hosttune: $(STATIC)/$(HOST_ARCH)/hosttune tests/vm/rootfs.sh
	$(call say,COPY,$(@D))
	$(Q)rm -rf $(@D) && mkdir $(@D)
	$(Q)ln -s $(addprefix ../,api-stub fail-at kill-at kubernetes nfsd-netlink notify-socket sysctl-keys unit vm) $(@D)
	$(Q)tests/vm/rootfs.sh $< $(@D)/rootfs
	$(Q)cp $< $@

# the overlays of packaging/kubernetes, for guest scripts; without kubectl there are none
$(B)/kubernetes/built: tests/kubernetes/build.sh $(shell find packaging/kubernetes -name '*.yaml')
	$(call say,BUILD,$(@D))
	$(Q)! command -v kubectl >/dev/null || tests/kubernetes/build.sh $(@D) audit audit-drives watch
	$(Q)mkdir -p $(@D) && touch $@

.PHONY: tests
tests: $(B)/kubernetes/built $(B)/hosttune $(NEW_KIND)/hosttune $(UNIT_BIN) $(B)/api-stub $(B)/api-recorded $(B)/nfsd-netlink $(B)/sysctl-keys $(B)/notify-socket $(B)/kill-at $(B)/fail-at $(B)/no-memory.so $(B)/show $(B)/browser $(B)/lab-tool $(B)/valgrind/hosttune rootfs

.PHONY: check check-full check-unit
check-unit: tests
	$(Q)B=$(B) tests/run.sh unit cases
check:
	$(Q)packaging/deps.sh check
	$(Q)B=$(B) MAKE='$(MAKE)' tests/run.sh
check-full:
	$(Q)$(MAKE) --no-print-directory B=$(B) HOSTTUNE_FULL=1 check

FUZZ_BIN := $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_LIB := -fsanitize=fuzzer
FUZZ_SHARED := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard tests/fuzz/shared/*.c)))
$(FUZZ_BIN): $(B)/%: $(B)/tests/fuzz/%.o $(FUZZ_SHARED) $(B)/libhosttune.a
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(FUZZ_LIB) -o $@ $^ $(PKG_LIBS)

FUZZ_MAKE = $(MAKE) --no-print-directory CC=clang
.PHONY: fuzzers fuzz fuzz-corpus fuzz-minimise fuzz-coverage
fuzzers: $(FUZZ_BIN) ; 
FUZZ_SAN = $(FUZZ_MAKE) SAN=address,undefined,fuzzer-no-link B=$(B)/fuzz fuzzers
# Without sanitizers, without comparisons traced, and without the functions of clang's driver that
# trace strcmp() and its like: three to ten times as fast.
FUZZ_QUICK = $(FUZZ_MAKE) CFLAGS="-O2 -g -fno-omit-frame-pointer -fsanitize-coverage=inline-8bit-counters,pc-table" \
	FUZZ_LIB="$$(clang -print-file-name=libclang_rt.fuzzer-$$(uname -m).a) -lstdc++ -lm" B=$(B)/fuzz/quick fuzzers
fuzz:
	+$(Q)$(FUZZ_SAN)
	+$(Q)$(FUZZ_QUICK)
	$(Q)B=$(B)/fuzz TIME=$(TIME) RUNS=$(RUNS) tests/fuzz/run.sh campaign
fuzz-corpus fuzz-minimise:
	+$(Q)$(FUZZ_SAN)
	$(Q)B=$(B)/fuzz tests/fuzz/run.sh $(@:fuzz-%=%)
fuzz-coverage:
	+$(Q)$(FUZZ_MAKE) CFLAGS="-O1 -g -fprofile-instr-generate -fcoverage-mapping" SAN=fuzzer-no-link B=$(B)/fuzz-coverage fuzzers
	$(Q)B=$(B)/fuzz-coverage LEARNT=$(B)/fuzz/learnt tests/fuzz/run.sh coverage

# What parses, with clang's memory sanitizer, and so its libraries: see tests/msan/run.sh.
MSAN_ROOT = $(abspath $(STATIC)/msan)/root/usr
MSAN_KNOWN := stat64 lstat64 fstat64 fstatat64 statx LLVMFuzzerMutate
.PHONY: check-msan
check-msan:
	$(Q)packaging/deps.sh check static
	$(Q)tests/msan/libraries.sh $(STATIC)
	$(Q)$(MAKE) --no-print-directory B=$(B)/msan CC=clang SAN=memory,fuzzer-no-link \
		CFLAGS='-O1 -g -fsanitize-memory-track-origins -isystem $(MSAN_ROOT)/include' \
		LDFLAGS='-L$(MSAN_ROOT)/lib $(MSAN_KNOWN:%=-Wl,--wrap=%) $(CURDIR)/tests/msan/known.c' \
		unit-tests fuzzers
	$(Q)B=$(B)/msan tests/msan/run.sh

.PHONY: demo bench bench-vm performance
demo:
	$(Q)packaging/deps.sh demo
	$(Q)$(MAKE) --no-print-directory B=$(B) $(B)/hosttune $(B)/api-stub rootfs
	$(Q)B=$(B) RECORD=$(RECORD) tests/demo/demo.sh
bench:
	$(Q)packaging/deps.sh check
	$(Q)$(MAKE) --no-print-directory B=$(B) all
	$(Q)B=$(B) CC='$(CC)' tests/bench/bench.sh
	$(Q)B=$(B) CC='$(CC)' tests/bench/confine.sh
performance:
	$(Q)tests/bench/page.sh $(B)/bench >docs/performance.md.tmp && $(call done,docs/performance.md)
bench-vm:
	$(Q)packaging/deps.sh check
	$(Q)$(MAKE) --no-print-directory B=$(B) all
	$(Q)tests/vm/fetch-kernels 6.1 6.12
	$(Q)HOSTTUNE_B=$(B) tests/vm/run -k 6.12 -c 2 -d 8 -s 320M -b 1M -t 1200 -- tests/bench/mkfs.sh
	$(Q)HOSTTUNE_B=$(B) tests/vm/run -k 6.12 -c 2 -- tests/bench/watch.sh
	$(Q)for kernel in 6.1 6.12; do \
		HOSTTUNE_B=$(B) tests/vm/run -k $$kernel -t 900 -- tests/bench/nfsd.sh || exit; \
	done

# what the profiles change, measured: docs/effect.md. tests/lab/run has options for single
# experiments, kernels and seeds.
.PHONY: lab
lab:
	$(Q)packaging/deps.sh check
	$(Q)$(MAKE) --no-print-directory B=$(B) $(B)/hosttune $(B)/lab-tool
	$(Q)B=$(B) tests/lab/run $(EXPERIMENTS)
	$(Q)tests/lab/page $(B)/lab/*.[0-9]

.PHONY: campaign
campaign:
	$(Q)packaging/deps.sh check
	$(Q)$(MAKE) --no-print-directory B=$(B) $(B)/hosttune $(B)/fail-at $(B)/no-memory.so guest
	$(Q)tests/vm/fetch-kernels 6.12
	$(Q)B=$(B) tests/faults/campaign.sh full >/dev/null || :
	$(Q)for scenario in format data array nfsd revert watch; do \
		HOSTTUNE_B=$(B)/guest tests/vm/run -k 6.12 -d 3 -s 320M -t 86400 -o $(B)/campaign -- \
			tests/vm/faults.sh full $$scenario || :; \
	done
	$(Q)tests/faults/table.sh $(B)/campaign/full-*

SIGNALS ?= 200
.PHONY: torture
torture:
	$(Q)packaging/deps.sh check
	$(Q)$(MAKE) --no-print-directory B=$(B) all $(B)/kill-at
	$(Q)for kernel in 6.1 6.12; do \
		tests/vm/fetch-kernels $$kernel && B=$(B) tests/vm/torture.sh -k $$kernel && \
			B=$(B) tests/vm/kills.sh -k $$kernel || exit; \
		for scenario in single array; do \
			HOSTTUNE_B=$(B) tests/vm/run -k $$kernel -d 3 -s 320M -t 7200 -- \
				tests/vm/signals.sh $(SIGNALS) 1 $$scenario || exit; \
		done; \
	done

.PHONY: stage-logs
stage-logs:
	$(Q)packaging/deps.sh check
	$(Q)B=$(B) tests/vm/stage-logs.sh $(STAGE)

# --- the code itself -----------------------------------------------------------------

# The suites of this machine and guest scripts under gcov, and what of lib/ they reach. Its
# parsers run in the process that asks: a confined child can write no counts.
COVERAGE_MAKE = $(MAKE) --no-print-directory B=$(B)/coverage CFLAGS="-O0 -g --coverage -DFOR_COVERAGE" \
	HARDEN_OK= LDFLAGS="-Wl,--wrap=_exit $(CURDIR)/tests/coverage/exit.c"
.PHONY: coverage
coverage:
	$(Q)packaging/deps.sh check
	$(Q)$(COVERAGE_MAKE) tests
	$(Q)B=$(B)/coverage tests/coverage/run.sh $(FILES)

C_FILES = $(shell git ls-files '*.c' '*.h' 2>/dev/null)
.PHONY: fmt fmt-check layers headers lint words analyze tidy docs
docs: $(B)/hosttune
	$(Q)docs/profiles.sh $(B)/hosttune >docs/profiles.md.tmp && $(call done,docs/profiles.md)
	$(Q)docs/audit.sh $(B)/hosttune >docs/audit.svg.tmp && $(call done,docs/audit.svg)
	$(Q)docs/demo.sh >docs/demo.svg.tmp && $(call done,docs/demo.svg)
	$(Q)for page in reasons rules sysctls; do docs/explain.sh $(B)/hosttune $$page >docs/$$page.md.tmp && \
		$(call done,docs/$$page.md); done
fmt:
	$(Q)clang-format -i $(C_FILES)
fmt-check:
	$(Q)clang-format --dry-run -Werror $(C_FILES)
layers: all
	$(Q)tests/lint/layers.sh . $(B)
headers: $(B)/flags.mk
	$(Q)for h in lib/*/*.h lib/*/*/*.h; do echo "#include \"$${h#lib/}\"" | \
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -Werror -fsyntax-only -x c - || exit 1; done
lint: words
	$(Q)shellcheck -x $$(git ls-files '*.sh' '*.bash' .ci/run) $$(git grep -lI '^#!/bin/sh' -- tests/vm tests/lab packaging | grep -v '\.sh$$')
words:
	$(Q)tests/lint/words.sh
analyze: $(B)/flags.mk
	$(Q)B=$(B) CC='gcc' tests/lint/analyze.sh $(LIB_SRC) $(CMD_SRC)
# takes some minutes; make check-full runs it
tidy: $(B)/flags.mk
	$(Q)B=$(B) tests/lint/tidy.sh $(LIB_SRC) $(CMD_SRC)

# --- install -------------------------------------------------------------------------

# What is installed: FILE:DIRECTORY, or FILE:DIRECTORY/NAME.
UNITS := $(sort $(wildcard packaging/systemd/*))
INSTALLED := $(PROFILES:%=%:$(datadir)/hosttune/profiles/) packaging/hosttune.8:$(mandir)/man8/ \
	packaging/completion/hosttune.bash:$(datadir)/bash-completion/completions/hosttune \
	packaging/completion/hosttune.zsh:$(datadir)/zsh/site-functions/_hosttune \
	packaging/completion/hosttune.fish:$(datadir)/fish/vendor_completions.d/ \
	$(UNITS:%=%:$(unitdir)/)
target_of = $(lastword $(subst :, ,$(1)))$(if $(filter %/,$(1)),$(notdir $(firstword $(subst :, ,$(1)))))

.PHONY: dist deb release
# the committed tree; the same bytes from each clone
dist:
	$(Q)mkdir -p $(B)/dist
	$(Q)git archive --prefix=hosttune-$(VERSION)/ HEAD | gzip -n -9 >$(B)/dist/hosttune-$(VERSION).tar.gz
deb: dist
	$(Q)packaging/deps.sh build deb
	$(Q)packaging/deb.sh $(B)/dist/hosttune-$(VERSION).tar.gz $(B)/dist $(ARCH)

# all artefacts of this commit with checksums, verified; RELEASE_ARCHS=amd64: only those
RELEASE_ARCHS ?= amd64 arm64
release:
	$(Q)packaging/deps.sh build static deb
	$(Q)B=$(B) MAKE='$(MAKE)' packaging/release.sh $(VERSION) $(RELEASE_ARCHS)

.PHONY: install uninstall clean
install: all
	install -D -m 755 $(B)/hosttune $(DESTDIR)$(bindir)/hosttune
	$(Q)set -e; $(foreach i,$(INSTALLED),install -D -m 644 $(firstword $(subst :, ,$(i))) $(DESTDIR)$(call target_of,$(i));)
	$(Q)sed -i 's|/usr/bin/|$(bindir)/|; s|/etc/hosttune|$(sysconfdir)/hosttune|' $(UNITS:packaging/systemd/%=$(DESTDIR)$(unitdir)/%)
# Leaves directories that are not its own, and the profile in $(sysconfdir)/hosttune.
uninstall:
	rm -f $(DESTDIR)$(bindir)/hosttune $(foreach i,$(INSTALLED),$(DESTDIR)$(call target_of,$(i)))
	$(Q)rmdir $(DESTDIR)$(datadir)/hosttune/profiles $(DESTDIR)$(datadir)/hosttune 2>/dev/null || :

# keeps what is not built from this tree: fetched kernels, and the libraries of static programs
clean:
	$(Q)rm -rf $(STATIC)/*/program $(STATIC)/*/hosttune* $(STATIC)/*/licences
	$(Q)[ ! -d $(B) ] || find $(B) -mindepth 1 -maxdepth 1 ! -name vm ! -name static -exec rm -rf --one-file-system {} +

-include $(shell find $(B) \( -path $(B)/vm -o -path $(B)/static -o -path $(B)/peers \) -prune -o -type f -name '*.d' -print 2>/dev/null)
