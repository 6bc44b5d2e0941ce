# SPDX-License-Identifier: Apache-2.0 OR MIT
# shellcheck shell=sh
# Section of the bench that compares the container image with images assembled from Debian's
# packages for the same job; bench.sh sources it. Besides the rows, it writes
#
#	$out/images   a line for each image, fields with tabs: image, KiB of its files, KiB
#	              compressed (as a registry has it), ratio of the latter to the first image
: "${work:?}" "${out:?}" "${ordinary:?}" "${B:?}"

# image NAME DIR: its sizes; the first one is what others are compared with.
image() {
	[ -e "$2.size" ] || {
		du -sk "$2" | cut -f 1
		tar -C "$2" --sort=name -c . | gzip -n -9 | wc -c
	} >"$2.size"
	xargs <"$2.size" | {
		read -r files bytes
		first=$(head -n 1 "$out/images" | cut -f 3)
		packed=$(((bytes + 1023) / 1024))
		ratio=$(awk -v a="$packed" -v b="${first:-$packed}" 'BEGIN { printf "%.1f", a / b }')
		printf '%s\t%s\t%s\t%s\n' "$1" "$files" "$packed" "$ratio" >>"$out/images"
		printf '%8s  %-44s %9s KiB compressed, %s times the first\n' "$files" "$1" "$packed" "$ratio"
	}
}

bench_image() {
	: >"$out/images"
	section image "the container image, and the start of its program after a chroot, beside images of Debian 12 (minbase) with what the same job needs: mkfs.xfs, and hosttune's ordinary build and mdadm, python3 and TuneD, or bash, curl and jq"
	ours=$B/image/root-$(dpkg --print-architecture)
	if [ "$(id -u)" != 0 ] || ! [ -d "$ours" ]; then
		skip "the whole section" "it needs root, for a chroot, and the image (make image)"
		return
	fi
	cp -a "$ours" "$work/image"
	image "hosttune" "$work/image"
	set -- "hosttune's image: hosttune --version" chroot "$work/image" /usr/bin/hosttune --version
	for peer in "ordinary hosttune, mdadm:hosttune:/usr/bin/hosttune --version" \
		"python3, TuneD:tuned:/usr/sbin/tuned --version" "bash, curl, jq:script:/bin/bash -c :"; do
		what=${peer%%:*} dir=${peer#*:}
		command=${dir#*:} dir=$B/peers/image-${dir%%:*}
		# this build
		[ "${dir##*-}" != hosttune ] || ! [ -e "$dir.done" ] || {
			install -s "$ordinary" "$dir/usr/bin/hosttune" && rm -f "$dir.size"
		}
		if [ -e "$dir.done" ]; then
			image "Debian 12 with $what" "$dir"
			# shellcheck disable=SC2086 # a list of words
			set -- "$@" -- "Debian 12 with $what: ${command##*/}" chroot "$dir" $command
		else
			skip "Debian 12 with $what" "not installed, which needs root, debootstrap and Debian's archive: see $dir.log"
		fi
	done
	contest 1 "$@"
}
