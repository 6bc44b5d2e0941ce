#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# Build the C library and the libraries of the static programs, for one architecture, unless
# that was done before from the same sources with this script.
#
# usage: packaging/static/libraries.sh amd64|arm64 DIR
#
# Sources are fetched to DIR/sources. DIR/ARCH then has root/ with headers and archives, the
# compiler `cc` that uses nothing else, and `strip`. Everything is position independent, with
# a section for each function, so that the linker keeps only what is called. A function that musl
# lacks ends the build: undeclared, it would return half a pointer. JOBS=n: compile n
# files at a time.
set -eu

[ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 2; }
arch=$1
here=$(cd "$(dirname "$0")" && pwd -P)
mkdir -p "$2/$arch"
dir=$(cd "$2/$arch" && pwd -P)
sources=${dir%/*}/sources

case $arch in
amd64) gnu=x86_64-linux-gnu musl=x86_64 own= ;;
# as STATIC_CFLAGS_arm64 in the Makefile, which says why
arm64)
	gnu=aarch64-linux-gnu musl=aarch64
	own="-fomit-frame-pointer -mstack-protector-guard=sysreg \
	-mstack-protector-guard-reg=tpidr_el0 -mstack-protector-guard-offset=-16"
	;;
*) echo "libraries.sh: \"$arch\": unknown (amd64 or arm64)" >&2; exit 2 ;;
esac
kernel=/usr/$gnu/include # headers of a cross compiler
[ -d "$kernel/linux" ] || kernel=/usr/include
for tool in $gnu-gcc ld.lld; do
	command -v "$tool" >/dev/null || {
		echo "libraries.sh: $tool: command not found (run packaging/deps.sh static)" >&2
		exit 1
	}
done

work=$(mktemp -d "$dir/.build.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$dir/root
include=$root/usr/include
lib=$root/usr/lib
mkdir -p "$include" "$lib/pkgconfig"
AR=$gnu-ar RANLIB=$gnu-ranlib CC=$dir/cc
flags="-Oz -g -ffunction-sections -fdata-sections -fno-unwind-tables \
	-fno-asynchronous-unwind-tables -fstack-protector-strong -fno-strict-aliasing \
	-Werror=implicit-function-declaration $own \
	-ffile-prefix-map=$work=/usr/src -ffile-prefix-map=$root= -ffile-prefix-map=$here=/usr/src/hosttune"
export AR RANLIB CC CFLAGS="$flags"
# the make that calls this must not set variables of theirs
unset MAKEFLAGS MAKEOVERRIDES MFLAGS MAKELEVEL ARCH V B CPPFLAGS LDFLAGS LIBS

# begin NAME: change to a copy of its source. All files get one time: no generated file seems
# older than what it was made from.
begin() {
	echo "libraries.sh: $arch: $1" >&2
	rm -rf "${work:?}/$1"
	cp -R "$sources/$1"_* "$work/$1"
	cd "$work/$1"
	find . -exec touch -h -d @0 {} +
}

# quietly COMMAND...: show its output if it fails.
quietly() {
	"$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; exit 1; }
}

configure() {
	quietly ./configure --host=$musl-linux-musl --prefix=/usr --disable-shared --enable-static "$@"
}

# archive NAME SOURCE...: compile the files to lib/libNAME.a; "$options" are for the compiler.
archive() {
	name=$1
	shift
	mkdir -p "$work/$name.o"
	for source; do
		# shellcheck disable=SC2086 # lists of words
		quietly "$CC" $flags $options -c "$source" -o "$work/$name.o/$(basename "$source" .c).o"
	done
	"$AR" qcs "$lib/lib$name.a" "$work/$name.o"/*.o
}

build_musl() {
	begin musl
	quietly ./configure --target=$musl-linux-musl --prefix=/usr --disable-shared \
		--disable-wrapper CC="$gnu-gcc" CROSS_COMPILE=$gnu-
	quietly make -j"$jobs" DESTDIR="$root" install
	for part in linux asm-generic mtd; do
		ln -sfn "$kernel/$part" "$include/$part"
	done
	asm=$kernel/$gnu/asm
	[ -d "$asm" ] || asm=$kernel/asm
	ln -sfn "$asm" "$include/asm"
	ln -sfn "$(command -v ld.lld)" "$lib/ld.lld"
	cat >"$CC" <<-END
		#!/bin/sh
		# $gnu-gcc with the headers and libraries beside it only
		root=\${0%/*}/root/usr
		exec $gnu-gcc -nostdinc -isystem "\$root/include" -isystem "\$($gnu-gcc -print-file-name=include)" -B"\$root/lib/" -L"\$root/lib" "\$@"
	END
	cat >"$dir/strip" <<-END
		#!/bin/sh
		# strip PROGRAM OUT: split into OUT and OUT.debug
		set -eu
		$gnu-objcopy --only-keep-debug "\$1" "\$2.debug"
		chmod 644 "\$2.debug"
		$gnu-strip -o "\$2" -R .comment "\$1"
		$gnu-objcopy --add-gnu-debuglink="\$2.debug" "\$2"
	END
	chmod 755 "$CC" "$dir/strip"
}

build_jansson() {
	begin jansson
	sed -e 's/@json_inline@/inline/; s/@json_have_[a-z_]*@/1/; s/@initial_hashtable_order@/3/' \
		src/jansson_config.h.in >src/jansson_config.h
	: >src/jansson_private_config.h
	options='-Isrc -DHAVE_STDINT_H=1 -DHAVE_SYS_TIME_H=1 -DHAVE_UNISTD_H=1 -DHAVE_FCNTL_H=1 -DHAVE_SCHED_H=1
		-DHAVE_SYS_STAT_H=1 -DHAVE_SYS_TYPES_H=1 -DHAVE_GETTIMEOFDAY=1
		-DHAVE_OPEN=1 -DHAVE_CLOSE=1 -DHAVE_READ=1 -DHAVE_GETPID=1 -DHAVE_SCHED_YIELD=1
		-DHAVE_ATOMIC_BUILTINS=1 -DUSE_URANDOM=1 -DHAVE_STRTOLL=1 -DHAVE_SETLOCALE=1 -DHAVE_LOCALECONV=1'
	archive jansson src/*.c
	cp src/jansson.h src/jansson_config.h "$include"
}

build_libyaml() {
	begin libyaml
	options='-Iinclude -DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5
		-DYAML_VERSION_STRING="0.2.5"'
	archive yaml src/*.c
	cp include/yaml.h "$include"
}

# Reading modules.dep needs no compression and no signatures.
build_kmod() {
	begin kmod
	options='-include config.h -I. -D_GNU_SOURCE'
	cat >config.h <<-'END'
		#define PACKAGE "kmod"
		#define VERSION "30"
		#define SYSCONFDIR "/etc"
		#define ROOTPREFIX ""
		#define KMOD_FEATURES ""
		#define HAVE_DECL_BE32TOH 1
		#define HAVE_DECL_STRNDUPA 0
		#define HAVE_STRUCT_STAT_ST_MTIM 1
		#define HAVE_NOEXEC 1
		#define HAVE_SECURE_GETENV 1
		#define HAVE___BUILTIN_CLZ 1
		#define HAVE___BUILTIN_TYPES_COMPATIBLE_P 1
		#define HAVE___BUILTIN_UADD_OVERFLOW 1
		/* glibc's, which changes nothing */
		#define basename(path) (strrchr((path), '/') ? strrchr((path), '/') + 1 : (char *)(path))
	END
	# names of internal functions, which hosttune may have as well
	# shellcheck disable=SC2013 # words
	for name in $(grep -o 'hash_[a-z_]*(' shared/hash.h); do
		echo "#define ${name%(} kmod_${name%(}"
	done >>config.h
	archive kmod libkmod/*.c shared/*.c
	cp libkmod/libkmod.h "$include"
}

# Bundles are archives of tar. zstd would add 90 KB: it is absent, for .tar does as well.
build_libarchive() {
	begin libarchive
	# Names stay as they are: the tables that compose characters have 25 KB.
	sed -i 's/^\(#define SCONV_NORMALIZATION_[CD]\)[^/]*/\1 0 /' libarchive/archive_string.c
	configure --without-zlib --without-bz2lib --without-libb2 --without-iconv --without-lz4 \
		--without-lzma --without-lzo2 --without-cng --without-mbedtls --without-nettle \
		--without-openssl --without-xml2 --without-expat --disable-acl --disable-xattr \
		--disable-bsdtar --disable-bsdcat --disable-bsdcpio --without-zstd
	quietly make -j"$jobs" libarchive.la
	cp .libs/libarchive.a "$lib"
	"$AR" d "$lib/libarchive.a" archive_acl.o # see instead.c
	cp libarchive/archive.h libarchive/archive_entry.h "$include"
}

build_util_linux() {
	begin util-linux
	# no messages for its own developers: 700 of them
	sed -i 's/if ((p ## m) & l ## _debug_mask)/if (0)/' include/debug.h
	# nor readers of topology, which no probe of hosttune asks for
	sed -i '/&[a-z]*_tp_idinfo/d' libblkid/src/topology/topology.c
	configure --disable-all-programs --enable-libuuid --enable-libblkid --enable-libmount \
		--disable-nls --without-selinux --without-udev --without-systemd --without-cryptsetup \
		--without-econf --disable-libmount-support-mtab
	quietly make -j"$jobs" libuuid.la libblkid.la libmount.la
	mkdir -p "$include/uuid" "$include/blkid" "$include/libmount"
	for name in uuid blkid mount; do
		cp .libs/lib$name.a "$lib"
	done
	cp libuuid/src/uuid.h "$include/uuid"
	cp libblkid/src/blkid.h "$include/blkid"
	cp libmount/src/libmount.h "$include/libmount"
}

# HTTP over unix sockets, and nothing else.
build_curl() {
	begin curl
	off=
	for part in ftp file ldap ldaps rtsp proxy dict telnet tftp pop3 imap smb smtp gopher mqtt \
		manual libcurl-option ipv6 threaded-resolver versioned-symbols pthreads sspi \
		crypto-auth ntlm ntlm-wb tls-srp cookies http-auth doh mime dateparse netrc \
		progress-meter dnsshuffle get-easy-options alt-svc headers-api hsts socketpair \
		aws rt ech websockets largefile verbose; do
		off="$off --disable-$part"
	done
	# hosttune prints the texts of errors
	sed -i 's/CURL_DISABLE_VERBOSE_STRINGS/NO_TEXTS/' lib/strerror.c
	# its configure adds -O2 to -Oz, which it does not know
	# shellcheck disable=SC2086 # a list of words
	configure CFLAGS="-Os${flags#-Oz}" $off --enable-http --enable-unix-sockets --without-ssl --without-zlib --without-brotli \
		--without-zstd --without-libpsl --without-libidn2 --without-nghttp2 --without-librtmp \
		--without-libssh2 --without-gssapi --without-ca-bundle --without-ca-path
	quietly make -j"$jobs" -C lib libcurl.la
	cp lib/.libs/libcurl.a "$lib"
	cp -R include/curl "$include"
}

# Unpacking of bare streams, for the texts in the program.
build_zlib() {
	begin zlib
	options=-DNO_GZIP
	archive z adler32.c inffast.c inflate.c inftrees.c zutil.c
	cp zlib.h zconf.h "$include"
}

# Debian has a static archive of it, which calls little of the C library. Nothing unwinds its stack.
build_libmnl() {
	$gnu-objcopy -R .eh_frame "$sources"/libmnl-dev_*_"$arch"/usr/lib/$gnu/libmnl.a "$lib/libmnl.a"
	cp -R "$sources"/libmnl-dev_*_"$arch"/usr/include/libmnl "$include"
}

# What the program needs and musl lacks, and what takes the place of functions of libraries.
build_compat() {
	echo "libraries.sh: $arch: compat" >&2
	mkdir "$work/compat"
	cd "$work/compat"
	cp "$here/compat.c" "$here/pages.c" "$here/instead.c" .
	quietly cc -D_GNU_SOURCE -o errno "$here/errno.c"
	./errno >errno.inc
	options="-I. -I$here/include -D_GNU_SOURCE"
	archive compat compat.c pages.c instead.c
}

# make_once STAMP FILE... -- PART...: build the parts, unless the stamp has the sum of the
# files. A program that was linked with an earlier build goes.
make_once() {
	stamp=$dir/$1
	shift
	: >"$work/files"
	while [ "$1" != -- ]; do
		cat "$here/$1" >>"$work/files"
		shift
	done
	shift
	sum=$(sha256sum <"$work/files")
	[ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
	rm -rf "$stamp" "$dir/program"
	for part; do
		build_"$part"
	done
	echo "$sum" >"$stamp"
}

jobs=${JOBS:-1}
"$here/fetch.sh" "$sources"
make_once libraries sources libraries.sh -- musl jansson libyaml kmod libarchive util_linux curl zlib libmnl
make_once compat compat.c pages.c instead.c errno.c libraries.sh -- compat
