#!/bin/sh
# Records the SYNs that come in at an interface, until Ctrl-C, and says on one page what happened. There is a file for each
# hour, and the oldest go when they have more than 1 GB.
#
#     sudo examples/record-flood.sh eth0 /var/tmp/flood
#
# `ringcap watch` runs for months, and records by itself when a flood begins: docs/watch.md.
set -eu
interface=${1:?which interface? for example: record-flood.sh eth0 flood}
directory=${2:?which directory? for example: record-flood.sh eth0 flood}

# Under sudo the capture becomes the user who called it, whose directory this is then.
owner=$(id -u)
[ "$owner" -ne 0 ] || owner=${SUDO_UID:-0}
[ -d "$directory" ] || install -d -o "$owner" -- "$directory"
trap : INT # Ctrl-C ends ringcap, and this script goes on with the report.
ringcap capture -i "$interface" --tcp-flags 'syn,!ack' -G 1h --keep-size 1G -w "$directory/syn-%Y%m%d-%H%M%S.pcapng" ||
  echo "record-flood: the capture is not complete, and its messages say why" >&2
ringcap report "$directory"/syn-*.pcapng -o "$directory/report.html"
echo "open $directory/report.html"
