#!/usr/bin/busybox sh
# The first process of the guest: mounts what a running system has mounted, runs the jobs, and switches off.
/usr/bin/busybox --install -s /bin
export PATH=/usr/bin:/bin HOME=/root TMPDIR=/tmp
mkdir -p /proc /sys /dev /tmp /run /root
echo root:x:0:0:root:/root:/bin/sh > /etc/passwd
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mkdir -p /dev/pts && mount -t devpts devpts /dev/pts
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tracefs tracefs /sys/kernel/tracing
ip link set lo up
cd /ringcap
node dist/kernels/main.js
poweroff -f
