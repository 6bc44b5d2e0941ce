# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# How a program is hardened, from its ELF file; source it. The caller has
# check NAME COMMAND...

elf_shows() { readelf -W "$1" "$2" 2>/dev/null | grep -qE -- "$3"; }
elf_lacks() { readelf -W "$1" "$2" >/dev/null && ! elf_shows "$@"; }

# What the linker notes of branch targets and shadow stacks: CET of x86, BTI of ARM.
BRANCHES='x86 feature: .*IBT.*SHSTK|AArch64 feature: .*BTI'

# check_branches NAME PROGRAM OBJECT: the compiler protects branches in each object, and the linker
# marks the program if all of them do, also those of the C library. A kernel enforces it for a
# program that is marked. musl's are not: the static programs do without.
check_branches() {
	check "$1: indirect branches are protected (CET, BTI)" elf_shows -n "$3" "$BRANCHES"
	if elf_shows -n "$2" "$BRANCHES"; then
		echo "ok - $1: the program is marked so"
	else
		echo "ok - $1: the program is marked so # SKIP the C library's start files are not (CET, BTI)"
	fi
}

# A static program has no relocation by name.
bound_at_start() { elf_shows -d "$1" 'BIND_NOW|NOW PIE' || elf_lacks -r "$1" 'JUMP_SLOT'; }

# check_hardened NAME PROGRAM SYMBOLS: the program, and the file with its symbols.
check_hardened() {
	check "$1: position independent" elf_shows -h "$2" 'DYN \(Position-Independent'
	check "$1: read-only relocations" elf_shows -l "$2" 'GNU_RELRO'
	check "$1: no relocation is bound later" bound_at_start "$2"
	check "$1: no text relocation" elf_lacks -d "$2" 'TEXTREL'
	check "$1: no path for libraries" elf_lacks -d "$2" 'R(UN)?PATH'
	check "$1: the stack is not executable" elf_shows -l "$2" 'GNU_STACK .* RW +0'
	check "$1: no segment is writable and executable" elf_lacks -l "$2" '(LOAD|GNU_STACK|GNU_RELRO) .* RWE '
	check "$1: stack protector" elf_shows -s "$3" '__stack_chk_fail'
}
