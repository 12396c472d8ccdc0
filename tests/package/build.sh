#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The half of script/package that builds, inside a clean chroot, as root:
# tests/package/build.sh TREE, where TREE is a copy of the working tree.
# Lines that start with "ok: " and "FAILED: " are for script/package, the rest
# for the log.  Leaves the package in TREE/.. .
# shellcheck disable=SC2317 # functions that check() calls
set -uo pipefail
tree=$1
home=${tree%/*}
user=builder

failed=0

# check WHAT COMMAND...
check() {
	local what=$1
	shift
	if "$@"; then
		echo "ok: $what"
	else
		echo "FAILED: $what"
		failed=1
		return 1
	fi
}

install() {
	apt-get -q -y --no-install-recommends install "$@"
}

# as_user FOLDER COMMAND...: as somebody with no rights and no network
as_user() {
	local folder=$1
	shift
	(cd "$folder" && unshare --net -- setpriv --reuid="$user" --regid="$user" \
		--clear-groups --no-new-privs -- env HOME="$home" "$@")
}

# made only by ./waf dist
unpack() {
	rm -f "$tree"/*.tar.gz
	as_user "$tree" env WAF_OFFLINE=1 ./waf dist || return
	name=$(basename "$tree"/*.tar.gz .tar.gz)
	as_user "$home" tar xzf "$tree/$name.tar.gz"
}

# the tarball has every file of the working tree, and nothing else
compare_dist() {
	diff -r --exclude='*.tar.gz' "$tree" "$home/$name"
}

# clean takes away what the build has made, and no more
compare_clean() {
	as_user "$home/$name" ./debian/rules clean >/dev/null &&
		diff -r --exclude='*.tar.gz' "$tree" "$home/$name"
}

pages() {
	local page messages wide
	rm -rf "$home/out"
	dpkg-deb -x "$home"/nmbd-messenger_*.deb "$home/out"
	dpkg-deb -x "$home"/nmbd-messenger-rpc_*.deb "$home/out"
	find "$home/out/usr/share/man" -name '*.gz' >"$home/pages"
	[ -s "$home/pages" ] || {
		echo 'the package has no manual page'
		return 1
	}
	while read -r page; do
		messages=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 \
			man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
		wide=$(LC_ALL=C.UTF-8 MANWIDTH=80 man -E UTF-8 -l "$page" |
			col -bx | grep -E '.{81}')
		if [ -n "$messages$wide" ]; then
			echo "$page: $messages$wide"
			return 1
		fi
	done <"$home/pages"
}

# what of Samba the package asks for: a release to begin with, nowhere an exact
# revision, and no end, which would hold back Samba's updates
dependencies() {
	local depends
	depends=$(dpkg-deb -f "$home"/nmbd-messenger_*.deb Depends)
	echo "Depends: $depends"
	! grep -E '(^|, )(samba|lib)[^,]* \((=|<<|<=) ' <<<"$depends" &&
		grep -F 'samba (>= 2:4.13~)' <<<"$depends"
}

# of remote administration: the series that it was built with, and no exact
# revision of any of Samba's packages
series() {
	local depends version minor
	depends=$(dpkg-deb -f "$home"/nmbd-messenger-rpc_*.deb Depends)
	echo "Depends: $depends"
	version=$(dpkg-query -W -f '${Version}' samba-dev)
	minor=${version#2:4.}
	minor=${minor%%.*}
	! grep -E '(samba|lib)[^,]* \((=|<=) ' <<<"$depends" &&
		grep -F "samba (>= 2:4.$minor~)" <<<"$depends" &&
		grep -F "samba (<< 2:4.$((minor + 1))~)" <<<"$depends"
}

lint() {
	# the drop-in is for a unit of the package samba, which has the init
	# script; not an override, for lintian of Debian 13 has lost this tag and
	# complains of overrides that it does not know
	local tag=package-supports-alternative-init-but-no-init.d-script
	lintian-explain-tags "$tag" >/dev/null 2>&1 || tag=
	as_user "$home" lintian ${tag:+--suppress-tags=$tag} \
		--display-info --no-tag-display-limit \
		--fail-on error,warning,info "$home"/nmbd-messenger_*.changes
}

useradd --no-create-home --home-dir "$home" --shell /bin/sh $user
chown -R $user: "$home"
check 'build dependencies' \
	apt-get -q -y --no-install-recommends build-dep "$tree" || exit
check './waf dist' unpack || exit
check 'the tarball and the tree are the same' compare_dist
check 'dpkg-buildpackage -us -uc -b, without network and root' \
	as_user "$home/$name" dpkg-buildpackage -us -uc -b || exit
check 'debian/rules clean' compare_clean
check './waf install and uninstall' \
	as_user "$home/$name" env WAF_OFFLINE=1 sh tests/package/destdir.sh
check 'dependencies' dependencies
check 'dependencies of nmbd-messenger-rpc' series
check 'lintian and man-db' install lintian man-db &&
	check 'lintian' lint
check 'manual pages' pages
exit $failed
