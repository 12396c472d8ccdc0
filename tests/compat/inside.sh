#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What script/compat runs in each chroot, in the copy of the tree at /tree:
#   inside.sh RELEASE build DONORS SMOKE             builds; keeps the modules
#   inside.sh RELEASE test DONORS SMOKE [PATTERN...] all the tests
# /out is the host's build/compat.  Results are lines KEY=VALUE in
# /out/RELEASE/result; descriptor 3 is the terminal.  DONORS are the releases
# whose modules are loaded, SMOKE the patterns of the tests that they are to pass.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=script/lib.sh
. script/lib.sh

release=$1
what=$2
read -ra donors <<<"${3//$'\n'/ }"
read -ra smoke <<<"${4//$'\n'/ }"
shift 4
out=/out/$release
failed=0

say() {
	printf '%s: %s\n' "$release" "$*"
	printf '%s: %s\n' "$release" "$*" >&3
}

# result KEY VALUE
result() {
	printf '%s=%s\n' "$1" "$2" >>"$out/result"
	[ "$1" = note ] || say "$1: $2"
}

# first LINES: the first few of them, in one line
first() {
	head -n 3 | paste -s -d ';' | sed 's/;/; /g'
}

build() {
	sh script/bootstrap && ./waf configure build >"$out/waf.log" 2>&1
	local status=$?
	cat "$out/waf.log" 2>/dev/null
	return $status
}

# numbers TEXT: "N passed, N failed, N skipped" as it stands in the table
numbers() {
	sed -E 's/^[a-z]+: //; s/, 0 failed//' <<<"$1"
}

unit() {
	local line
	./waf test >"$out/unit.log" 2>&1 || failed=1
	line=$(grep -E '^unit: [0-9]+ passed' "$out/unit.log" | tail -n 1)
	if [ -z "$line" ]; then
		failed=1
		line='broke off'
	fi
	result unit "$(numbers "$line")"
	grep -E '^\S+ +[0-9]+ passed, [1-9][0-9]* failed' "$out/unit.log" |
		sed 's/^/note=unit test failed: /' >>"$out/result"
}

# daemon KEY LOG [PATTERN...]
daemon() {
	local key=$1 log=$2 line
	shift 2
	# a failure is of interest as soon as it is known
	/usr/bin/python3 -B -u tests/daemon/run.py "$@" 2>&1 | tee "$log" |
		sed -u -n "/second time/s/^FAIL /$release: $key: FAIL /p" >&3
	[ "${PIPESTATUS[0]}" = 0 ] || failed=1
	line=$(tail -n 1 "$log")
	if ! [[ $line =~ ^[0-9]+\ passed ]]; then
		failed=1
		line="broke off: $line"
	fi
	result "$key" "$(numbers "$line")"
	sed -n -E -e "s/^FAIL ([^ ]+) .*second time.*/note=$key: failed: \1/p" \
		-e "s/^ok   ([^ ]+) .*second time.*/note=$key: passed when alone: \1/p" \
		-e "s/^skip ([^ ]+) +[0-9.]+ s +\((.*)\)/note=$key: skipped: \1: \2/p" \
		"$log" >>"$out/result"
}

host() {
	if python3 -B tests/compat/host.py check /headers >"$out/host.log" 2>&1; then
		result host "$(tail -n 1 "$out/host.log" | sed 's/ (.*//')"
	else
		failed=1
		result host differs
	fi
	sed -n -E 's/^(WRONG|NOTE): /note=include: /p' "$out/host.log" \
		>>"$out/result"
	cat "$out/host.log"
}

# load DONOR: its modules, with this release's nmbd
load() {
	local modules=/out/$1/modules missing own=build/load-$1
	if [ "$1" = "$release" ]; then
		result "load-$1" 'is that one'
		return
	fi
	if [ ! -f "$modules/messenger.so" ]; then
		result "load-$1" 'was not built'
		return
	fi
	# what the dynamic linker misses in libraries that are named in them
	missing=$(ldd "$modules"/*.so 2>&1 | sed -n -E \
		-e "s/.*version .([A-Za-z_0-9.]+). not found.*/\1/p" \
		-e "s/^\s+(\S+) => not found/\1/p" | sort -uV | paste -s -d ' ')
	if [ -n "$missing" ]; then
		result "load-$1" "not loadable: needs $missing"
		return
	fi
	# the tests look for the tool beside the module; it is the one built here
	mkdir -p "$own"
	cp "$modules"/*.so build/source/smbmessenger "$own"
	NMBD_MODULES_SO=$PWD/$own/nmbd_modules.so \
		MESSENGER_SO=$PWD/$own/messenger.so \
		daemon "load-$1" "$out/load-$1.log" "${smoke[@]}"
}

if [ "$what" = build ]; then
	say 'building'
	build || exit 1
	mkdir -p "$out/modules"
	cp build/source/nmbd_modules.so build/source/messenger.so "$out/modules"
	exit
fi

result samba "$(dpkg-query -W -f '${source:Version}' samba |
	sed 's/^[0-9]*://; s/[+~-].*//')"
dpkg-query -W >"$out/packages"
[ ! -f /remark ] || result note "$(cat /remark)"
if ! build; then
	result built no
	result note "the build failed: $(grep -E 'error:|ERROR|not found|Error' \
		"$out/waf.log" | first)"
	exit 1
fi
warnings=$(grep -c ' warning: ' "$out/waf.log")
result built "yes$([ "$warnings" = 0 ] || echo ", $warnings warnings")"
host
unit
use_build build
daemon daemon "$out/daemon.log" "$@"
for donor in "${donors[@]}"; do
	load "$donor"
done
exit $failed
