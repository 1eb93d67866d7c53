#!/bin/bash
# Runs in namespaces of its own: $1 is a folder with ringcap in bin, $2 the path of the picture.
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
picture=$2 folder=/mnt ringcap=/mnt/bin/ringcap

# The interfaces of this namespace, and the control groups, which tell what process opens a socket.
umount --recursive --lazy /sys
mount -t sysfs sysfs /sys
mount -t cgroup2 none /sys/fs/cgroup
# What is written to /usr/lib and /tmp stays here.
mount --bind "$1" /mnt
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir "$folder/layers" "$folder/home"
mount -t tmpfs tmpfs "$folder/layers"
mkdir "$folder/layers/upper" "$folder/layers/work"
mount -t overlay overlay -o "lowerdir=/usr/lib,upperdir=$folder/layers/upper,workdir=$folder/layers/work" /usr/lib
chown 65534:65534 "$folder/home"
user=(setpriv --reuid=65534 --regid=65534 --clear-groups
  env HOME="$folder/home" TMPDIR="$folder/home" XDG_RUNTIME_DIR="$folder/home" LC_ALL=C.UTF-8 DISPLAY=:99)

# Ten interfaces, and packets from v1 to w1.
for number in 1 2 3 4 5; do
  ip link add "v$number" type veth peer name "w$number"
  ip link set "v$number" up
  ip link set "w$number" up
done
ip address add 10.0.0.1/24 dev v1
ip neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 nud permanent dev v1

"$ringcap" extcap install --grant nogroup >/dev/null
"${user[@]}" "$ringcap" extcap status >&2

seconds=()
for _ in 1 2 3; do
  begin=$EPOCHREALTIME
  listed=$("${user[@]}" tshark -D 2>/dev/null | grep -c ringcap-)
  seconds+=("$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) ms")
done
[ "$listed" -ge 20 ]
[ "$(printf '%s\n' "${seconds[@]}" | sort -n | head -n 1 | cut -d ' ' -f 1)" -lt 1500 ]

Xvfb :99 -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
until [ -e /tmp/.X11-unix/X99 ]; do kill -0 $! && sleep 0.1; done
columns='"No.","%m","Time","%t","Source","%s","Destination","%d","Info","%i","Interface","%Cus:frame.interface_name","Hook","%Cus:frame.interface_description","Process","%Cus:frame.comment"'
"${user[@]}" wireshark -i ringcap-v1-tc -k -f 'udp port 9' -o "gui.column.format:$columns" \
  -o extcap.ringcap_v1_tc.process:true >"$folder/messages" 2>&1 &
wireshark=$!
until window=$("${user[@]}" xdotool search --name '^Capturing from ringcap: v1' 2>/dev/null); do
  kill -0 "$wireshark" || { cat "$folder/messages"; exit 1; }
  sleep 0.2
done
"${user[@]}" xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800

# Sends until so many packets are in Wireshark's file.
packets=0
while [ "$packets" -lt 40 ]; do
  kill -0 "$wireshark"
  for _ in 1 2 3 4 5 6 7 8; do echo "a packet for Wireshark" >/dev/udp/10.0.0.2/9; done
  sleep 0.2
  packets=$(capinfos -Mc "$folder"/home/wireshark_ringcap*.pcapng 2>/dev/null | sed -n 's/^Number of packets: *//p')
  packets=${packets:-0}
done
# The window shows them a moment later.
sleep 2
import -display :99 -window root "$picture"

kill "$wireshark"
while bpftool net show dev v1 | grep -q capture_tc; do sleep 0.1; done
echo "tshark -D with $listed interfaces of ringcap: $(IFS=,; echo "${seconds[*]}"); $packets packets in Wireshark: $picture"
