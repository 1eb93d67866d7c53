#!/bin/sh
# Runs a command as a pod of Kubernetes on the host's network does. The caller gives it namespaces of its own.
#   enter-container.sh ROOT VOLUME READ_ONLY URL RIGHTS COMMAND...
set -e
root=$1 volume=$2 read_only=$3 url=$4 rights=$5
shift 5
ip link set lo up
ip link add v0 type veth peer name v1
ip address add 192.0.2.1/24 dev v0
ip link set v0 up
ip link set v1 up
ip route add default via 192.0.2.2
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
sh "$(dirname "$0")/devices.sh" "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root$volume"
if [ "$read_only" = true ]; then mount -o remount,bind,ro "$root"; fi
# shellcheck disable=SC2086 # The rights are words without blanks in them.
exec chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin node /probe.mjs "$url" setpriv $rights -- "$@"
