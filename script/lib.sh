# shellcheck shell=sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What script/test and its neighbours share.  Source it from the top of the
# tree:  cd "$(dirname "$0")/.." && . script/lib.sh

# help_by PROGRAM ARGUMENT...: if --help is among the arguments, the Python program
# that the script ends in gives it, before anything is installed or built
help_by() {
	program=$1
	shift
	for word; do
		case $word in
		-h | --help) exec /usr/bin/python3 "$program" --help ;;
		esac
	done
}

# help_from_head ARGUMENT...: likewise, from the comment at the head of the script
help_from_head() {
	for word; do
		case $word in
		-h | --help)
			sed -n '4,/^[^#]/{/shellcheck disable/d;s/^# \{0,1\}//p;}' \
				"script/${0##*/}"
			exit 0
			;;
		esac
	done
}

# usage STATUS: ends, with the lines of that comment that call the script
usage() {
	sed -n '/^#   \(sudo \)\{0,1\}script/s/^# *//p' "script/${0##*/}"
	exit "$1"
}

# need_root: the scripts install packages and make network namespaces
need_root() {
	if [ "$(id -u)" != 0 ]; then
		echo "$0: needs root, to install packages and to make network namespaces: sudo $0" >&2
		exit 1
	fi
}

# apt_install PACKAGE...: these, without what they only recommend; the hundreds of
# lines that apt and dpkg say are shown when it fails
apt_install() {
	echo "$0: installing $# packages from Debian, and what they depend on"
	if ! log=$(apt-get -qq update 2>&1 &&
		DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
			-o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 install \
			--no-install-recommends "$@" 2>&1); then
		printf '%s\n' "$log" >&2
		echo "$0: the installation failed" >&2
		return 1
	fi
}

# need_program PROGRAM PACKAGE...: installs these if there is no such program
need_program() {
	program=$1
	shift
	command -v "$program" >/dev/null || apt_install "$@"
}

# waf_build FOLDER [OPTION...]: configures and builds there; what the build says is
# shown when it fails
waf_build() {
	folder=$1
	lock=
	shift
	[ "$folder" = build ] || lock=.lock-$folder
	if ! log=$(env ${lock:+"WAFLOCK=$lock"} \
		./waf -o "$folder" configure "$@" build 2>&1); then
		printf '%s\n' "$log" >&2
		echo "$0: the build failed" >&2
		return 1
	fi
}

# use_build FOLDER: tells programs that run nmbd where the built files are
use_build() {
	NMBD_MODULES_SO=$PWD/$1/source/nmbd_modules.so
	MESSENGER_SO=$PWD/$1/source/messenger.so
	TEST_MODULES_DIR=$PWD/$1/tests/modules
	TEST_PRELOAD_DIR=$PWD/$1/tests/preload
	export NMBD_MODULES_SO MESSENGER_SO TEST_MODULES_DIR TEST_PRELOAD_DIR
}

# include_flags: for a compiler that is called beside the build, whose own
# include paths are those of the folders (source/*/wscript_build)
include_flags() {
	printf -- '-I%s ' "$PWD"/include/* "$PWD"/source/*/
}

# compile_flags PACKAGE...: likewise, and the headers of Samba and of these; one
# line, to be split into words
compile_flags() {
	include_flags
	printf '%s ' -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter
	pkg-config --cflags samba-util samba-hostconfig "$@"
}

# link_flags PACKAGE...: the libraries of the same; Samba's public ones need its
# private ones
link_flags() {
	private=$(pkg-config --variable=libdir samba-hostconfig)/samba
	printf '%s ' -Wl,--as-needed -lsmbconf \
		"-Wl,-rpath-link,$private" -Wl,--allow-shlib-undefined
	pkg-config --libs samba-util samba-hostconfig "$@"
}

# compile PROGRAM SOURCE...: a tool that tests use and the build does not make
compile() {
	program=$1
	shift
	mkdir -p "$(dirname "$program")"
	# shellcheck disable=SC2046
	cc -O2 -g $(compile_flags talloc tevent jansson) -o "$program" \
		"$@" $(link_flags talloc tevent jansson)
}
