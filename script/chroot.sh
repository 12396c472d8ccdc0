# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Debian systems in chroots, and the name spaces around them, for
# script/compat, script/package and script/systemd.  Source it from the top of
# the tree, behind lib.sh, when $out is set, the folder that has the logs.
# Such a script runs twice: as it is called, and as process 1 of name spaces,
# with $CHROOT_STAGE "inside" and descriptor 3 on the terminal.
# shellcheck disable=SC2154 # out

cache=${PACKAGE_CACHE:-/var/cache/nmbd-messenger}
mirror=${PACKAGE_MIRROR:-http://deb.debian.org}
# the folder that becomes a system
root=$out/root
# not empty: what is cached is made anew
refresh=${CHROOT_REFRESH:-}
releases=()
# what a program in there has of our environment
clean_env=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
	LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes)

# --- outside ----------------------------------------------------------------

# take WORD: of the command line, into $refresh and $releases
take() {
	case $1 in
	--help | -h) usage 0 ;;
	--refresh) refresh=1 ;;
	11) releases+=(bullseye) ;;
	12) releases+=(bookworm) ;;
	13) releases+=(trixie) ;;
	-* | '' | */*) usage 2 >&2 ;;
	*) releases+=("$1") ;;
	esac
}

# in_name_spaces WORD...: this script once more, inside.  Everything happens in
# a mount, process and host name space of its own, the chroots are in memory:
# when this ends, even by kill -9, no mount, no process and no file of theirs
# is left.
in_name_spaces() {
	local pid status
	need_root
	need_program debootstrap debootstrap || exit 1
	mkdir -p "$cache" "$root"
	exec 9>"$out/lock"
	if ! flock -n 9; then
		echo "$0: is already running in this tree" >&2
		exit 1
	fi
	CHROOT_STAGE=inside CHROOT_REFRESH=$refresh \
		setpriv --pdeathsig KILL -- unshare --mount --uts --ipc \
		--propagation private --pid --fork --kill-child --mount-proc -- \
		"script/${0##*/}" "$@" </dev/null &
	pid=$!
	# process 1 of the name space, which falls with it, ignores milder ones
	trap 'kill -KILL $pid' HUP INT TERM
	wait $pid
	status=$?
	# a signal ends the first wait before the process has ended
	wait $pid 2>/dev/null
	trap - HUP INT TERM
	return $status
}

# --- inside -----------------------------------------------------------------

# say TEXT: on the terminal
say() {
	printf '%s\n' "$*" >&3
}

# in_chroot COMMAND...: with the host's proxies, if any, and nothing else of its
# environment
in_chroot() {
	"${clean_env[@]}" ${http_proxy:+"http_proxy=$http_proxy"} \
		${https_proxy:+"https_proxy=$https_proxy"} \
		DEB_BUILD_OPTIONS="parallel=$(nproc)" \
		chroot "$root" "$@" 9>&-
}

# empty_root: a new file system at $root; of a dead one nothing remains
empty_root() {
	while mountpoint -q "$root"; do
		umount -R "$root" || return
	done
	mount -t tmpfs -o size=80%,mode=755 tmpfs "$root"
}

# ready_root NAME...: what programs expect to find around them at $root, where
# 127.0.0.1 has these names
ready_root() {
	cp --dereference /etc/resolv.conf "$root/etc/resolv.conf" &&
		echo "127.0.0.1 $*" >"$root/etc/hosts" &&
		mount -t proc proc "$root/proc" &&
		mount -t sysfs -o ro sysfs "$root/sys" &&
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
}

# base RELEASE: puts its minimal system into the cache
base() {
	[ -n "$refresh" ] || [ ! -f "$cache/$1.tar" ] || return 0
	say "$1: debootstrap, kept in $cache"
	empty_root &&
		debootstrap --variant=minbase "$1" "$root" "$mirror/debian" || return
	printf 'deb %s %s main\n' "$mirror/debian" "$1" \
		"$mirror/debian" "$1-updates" \
		"$mirror/debian-security" "$1-security" \
		>"$root/etc/apt/sources.list"
	# nothing here has to survive a power failure
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
	# Debian starts a daemon as soon as its package is installed
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 755 "$root/usr/sbin/policy-rc.d"
	rm -f "$root"/var/cache/apt/archives/*.deb
	tar -C "$root" --one-file-system -cf "$cache/$1.tar.$$" . &&
		mv "$cache/$1.tar.$$" "$cache/$1.tar"
}

# unpack RELEASE: a clean system, ready to run in
unpack() {
	mkdir -p "$cache/$1-archives/partial"
	empty_root && tar -C "$root" -xf "$cache/$1.tar" || return
	ready_root localhost && echo alpha >"$root/etc/hostname" &&
		mount --bind "$cache/$1-archives" "$root/var/cache/apt/archives" &&
		echo 'APT::Keep-Downloaded-Packages "true";' \
			>"$root/etc/apt/apt.conf.d/keep" &&
		in_chroot apt-get -q update
}

# lab_with_programs RELEASE: tests/lab with its programs beside it, for a chroot
# without a compiler, into $out/RELEASE; from the one with the working tree
lab_with_programs() {
	cp -r tests/lab "$root/home/builder/lab" &&
		in_chroot make -C /home/builder/lab CPPFLAGS=-D_GNU_SOURCE \
			CFLAGS=-O2 LDFLAGS=-static enter guard &&
		cp -r "$root/home/builder/lab" "$out/$1"
}

# copy_tree FOLDER: the working tree, without what was built in it; a .cache
# that is there already stays
copy_tree() {
	mkdir -p "$1" && tar -c --exclude-vcs --exclude='./build' \
		--exclude='./build-*' --exclude='./.cache' --exclude='./.lock-*' \
		--exclude='*.tar.gz' --exclude=__pycache__ \
		--exclude-from=<(debris) . | tar -C "$1" --no-same-owner -x
}

# what a package build leaves in debian/
debris() {
	printf './debian/%s\n' .debhelper files nmbd-messenger \
		nmbd-messenger-rpc tmp \
		debhelper-build-stamp '*.substvars' '*.debhelper*'
}

# tell RELEASE: a log on standard input, its verdicts to the terminal
tell() {
	sed -u -n -E "s/^(ok|FAILED): /$1: &/p" >&3
}
