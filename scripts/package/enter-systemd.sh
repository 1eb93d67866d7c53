#!/bin/sh
# Makes systemd the first process of a system that is this one, read through an overlay, so that what it writes is gone with it.
# The caller gives it namespaces of its own, the control group among them.
#   enter-systemd.sh FOLDER CLONE
set -e
folder=$1 clone=$2 here=$(dirname "$(realpath "$0")")
ip link set lo up
ip link add v0 type veth peer name v1
ip link set v0 up
ip link set v1 up
mount -t tmpfs tmpfs "$folder"
mkdir "$folder/upper" "$folder/work" "$folder/root"
mount -t overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" overlay "$folder/root"
cd "$folder/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
sh "$here/devices.sh" dev
for directory in run tmp var/tmp; do mount -t tmpfs tmpfs "$directory"; done
mkdir -p ".$clone" etc/systemd/system
mount --rbind "$clone" ".$clone"
exec chroot . /usr/bin/env -i container=ringcap PATH="$PATH" /lib/systemd/systemd --unit=basic.target --log-target=null --show-status=no
