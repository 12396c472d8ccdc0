# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Clean Debian systems in chroots, for script/package and script/systemd.
# Source it from the top of the tree when these are set: $root, the folder
# that becomes a system; $refresh, not empty if what is cached is to be made
# anew.  Descriptor 3 is the terminal.
# shellcheck disable=SC2154 # root and refresh

cache=${PACKAGE_CACHE:-/var/cache/nmbd-messenger}
mirror=${PACKAGE_MIRROR:-http://deb.debian.org}

# need_debootstrap: installs it
need_debootstrap() {
	command -v debootstrap >/dev/null && return
	apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=120 install \
		--no-install-recommends debootstrap || exit 1
}

# say TEXT: on the terminal
say() {
	printf '%s\n' "$*" >&3
}

# in_chroot COMMAND...: with the host's proxies, if any, and nothing else of its
# environment
in_chroot() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes \
		${http_proxy:+"http_proxy=$http_proxy"} \
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
	cp --dereference /etc/resolv.conf "$root/etc/resolv.conf" &&
		printf '127.0.0.1 localhost\n' >"$root/etc/hosts" &&
		echo alpha >"$root/etc/hostname" &&
		mount -t proc proc "$root/proc" &&
		mount -t sysfs -o ro sysfs "$root/sys" &&
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" &&
		mount --bind "$cache/$1-archives" "$root/var/cache/apt/archives" &&
		echo 'APT::Keep-Downloaded-Packages "true";' \
			>"$root/etc/apt/apt.conf.d/keep" &&
		in_chroot apt-get -q update
}

# copy_tree FOLDER: the working tree, without what was built in it
copy_tree() {
	mkdir -p "$1" && tar -c --exclude-vcs --exclude='./build' \
		--exclude='./build-*' --exclude='./.cache' --exclude='./.lock-*' \
		--exclude='*.tar.gz' --exclude=__pycache__ \
		--exclude-from=<(debris) . | tar -C "$1" -x
}

# what a package build leaves in debian/
debris() {
	printf './debian/%s\n' .debhelper files nmbd-messenger tmp \
		debhelper-build-stamp '*.substvars' '*.debhelper*'
}

# tell RELEASE: a log on standard input, its verdicts to the terminal
tell() {
	sed -u -n -E "s/^(ok|FAILED): /$1: &/p" >&3
}
