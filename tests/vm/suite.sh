# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
# For scripts that fetch packages of another Debian: this machine's package lists do not
# change. The caller has die().

# Arguments of apt-get and apt-cache; none: this machine's own lists.
apt_options='-o APT::Sandbox::User=root'

# Print this machine's mirror of the archive with that label.
mirror() {
	# shellcheck disable=SC2016 # for apt-get
	apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Origin: Debian' \
		"Label: $1" 2>/dev/null | head -n 1
}

# Print the suite that has a kernel line of the test VM. They are those for Debian 12, where
# there is a choice: the tools of their headers run on Debian 12 and 13.
kernel_suite() {
	case $1 in
	5.10) echo bullseye ;;
	6.1 | 6.12) echo bookworm-security ;;
	7.x) echo trixie-backports ;;
	*) die "kernel line '$1': unknown: use 5.10, 6.1, 6.12 or 7.x" ;;
	esac
}

# use_suite SUITE DIR: fetch the lists of this suite into the new directory DIR, and make
# $apt_options use only them, and no installed package. DIR must have no blank in its path.
use_suite() {
	case $1 in
	*-security) label=Debian-Security from=http://deb.debian.org/debian-security ;;
	*) label=Debian from=http://deb.debian.org/debian ;;
	esac
	[ "$(mirror Debian)" ] || apt-get -qq update >&2
	known=$(mirror $label)
	from=${known:-$from}
	mkdir -p "$2/state/lists/partial" "$2/cache/archives/partial"
	: >"$2/state/status"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg target=Packages] $from $1 main" \
		>"$2/sources.list"
	apt_options="$apt_options -o Dir::Etc::sourcelist=$2/sources.list -o Dir::Etc::sourceparts=/dev/null
		-o Dir::State=$2/state -o Dir::State::status=$2/state/status
		-o Dir::Cache=$2/cache -o Acquire::Languages=none"
	# shellcheck disable=SC2086 # a list of words
	apt-get -qq $apt_options update >&2 || die "Debian $1: no package list from $from"
}
