#!/bin/sh
# Mounts a /dev of its own in the directory, in which six devices are the host's, so that nothing is made or removed there.
set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
for device in null zero full random urandom tty; do
  : >"$1/$device"
  mount --bind "/dev/$device" "$1/$device"
done
mkdir "$1/pts" "$1/shm"
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$1/pts"
mount -t tmpfs -o mode=1777 tmpfs "$1/shm"
ln -s pts/ptmx "$1/ptmx"
ln -s /proc/self/fd "$1/fd"
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%:*}" "$1/${number#*:}"; done
