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
			sed -n '4,/^[^#]/{/shellcheck disable/d;s/^# \{0,1\}//p;}' "$0"
			exit 0
			;;
		esac
	done
}

# need_root: the scripts install packages and make network namespaces
need_root() {
	if [ "$(id -u)" != 0 ]; then
		echo "$0: needs root, to install packages and to make network namespaces: sudo $0" >&2
		exit 1
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
