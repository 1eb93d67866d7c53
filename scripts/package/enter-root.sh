#!/bin/sh
# Tries the package in the bare system whose folder is the first word. The caller gives it mounts, interfaces and processes
# that end with it: namespaces, or a machine of its own.
set -e
# The shell of busybox prefers its own.
ip=${IP_PROGRAM:-ip}
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys"
sh "$(dirname "$0")/devices.sh" "$1/dev"
"$ip" link set lo up
"$ip" link add v0 type veth peer name v1
"$ip" address add 192.0.2.1/24 dev v1
"$ip" link set v0 up
"$ip" link set v1 up
exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin node /try-package.mjs
