#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ./waf install and uninstall, into a folder: what is there after the one and
# that nothing is after the other.  Run it at the top of a tree that may be
# built in (it makes build-destdir there, and removes it):
#   sh tests/package/destdir.sh
set -eu

work=$(mktemp -d)
export WAFLOCK=.lock-destdir
trap 'rm -rf "$work" build-destdir .lock-destdir' EXIT
trap 'exit 1' HUP INT TERM

# quietly COMMAND: its output only when it fails
quietly() {
	if ! "$@" >"$work/log" 2>&1; then
		cat "$work/log"
		echo "destdir: failed: $*"
		exit 1
	fi
}

# the paths that are installed, without the documents and manual pages, whose
# number grows
listed() {
	(cd "$1" && find . -type f) | sed 's/^\.//' | sort >"$work/all"
	grep -Ev '/(doc|man)/' "$work/all"
	# of each of those folders at least one
	sed -n -e 's|.*/doc/.*/README\.md$|doc|p' \
		-e 's|.*/man/man8/.*\.8$|man|p' "$work/all" | sort -u
}

# check PREFIX LIBDIR UNITDIR OPTION...
check() {
	prefix=$1 libdir=$2 unitdir=$3
	shift 3
	dest=$work/root
	quietly ./waf -o build-destdir configure "$@"
	quietly ./waf install --destdir="$dest"

	{
		echo "$unitdir/nmbd.service.d/messenger.conf"
		echo "$libdir/samba/nmbd/messenger.so"
		echo "$libdir/samba/nmbd_modules.so"
		echo "$prefix/sbin/smbmessenger"
		echo "$prefix/share/bash-completion/completions/smbmessenger"
		echo "$prefix/share/nmbd-messenger/messenger-textfile"
		echo "$prefix/lib/nagios/plugins/check_messenger"
		echo "$unitdir/nmbd-messenger-textfile.service"
		echo "$unitdir/nmbd-messenger-textfile.timer"
		echo "$unitdir/smbmessenger-notify.service"
		case " $* " in
		*' --with-rpc '*)
			echo "$libdir/samba/msgsvc/msgsvc.so"
			echo "$libdir/samba/msgsvc/smbmessenger-remote"
			echo "$prefix/libexec/samba/rpcd_msgsvc"
			;;
		esac
	} | sort >"$work/wanted"
	printf '%s\n' doc man >>"$work/wanted"
	listed "$dest" >"$work/found"
	if ! diff -u "$work/wanted" "$work/found"; then
		echo "destdir: installed with '$*' is not what it should be"
		exit 1
	fi
	# where nmbd will look for it, without the folder of this test
	if ! grep -qx "Environment=LD_PRELOAD=$libdir/samba/nmbd_modules.so" \
		"$dest$unitdir/nmbd.service.d/messenger.conf"; then
		echo "destdir: the drop-in names another library"
		exit 1
	fi
	if ! grep -q "^ExecStart=$prefix/share/nmbd-messenger/messenger-textfile" \
		"$dest$unitdir/nmbd-messenger-textfile.service" ||
		! grep -qx "ExecStart=$prefix/sbin/smbmessenger notify" \
			"$dest$unitdir/smbmessenger-notify.service" ||
		! grep -q "':$prefix/sbin'" \
			"$dest$prefix/lib/nagios/plugins/check_messenger"; then
		echo "destdir: a script or unit looks elsewhere"
		exit 1
	fi
	[ "$("$dest$prefix/sbin/smbmessenger" --version | wc -l)" = 1 ] || {
		echo "destdir: smbmessenger --version does not run"
		exit 1
	}

	count=$(wc -l <"$work/all")
	# twice: the second has nothing to do, which is no failure
	quietly ./waf uninstall --destdir="$dest"
	quietly ./waf uninstall --destdir="$dest"
	left=$(find "$dest" -mindepth 1 2>/dev/null || :)
	if [ -n "$left" ]; then
		printf '%s\n' "$left"
		echo "destdir: uninstall left that behind"
		exit 1
	fi
	quietly ./waf distclean
	echo "destdir: $prefix: $count files installed, none left behind"
}

libdir=$(pkg-config --variable=libdir samba-hostconfig)
unitdir=$(pkg-config --variable=systemdsystemunitdir systemd 2>/dev/null) ||
	unitdir=/usr/lib/systemd/system
check /usr "$libdir" "$unitdir"
check /usr "$libdir" "$unitdir" --with-rpc
check /usr/local /usr/local/lib64 /usr/local/lib/systemd/system \
	--prefix=/usr/local --libdir=/usr/local/lib64
