"""Runs a command whose descriptors are a terminal that nobody reads: terminal.py 1,2 COMMAND...

Signals are passed on to the command. What is on the terminal is copied to standard output from the end of standard input
on; a line of standard input hangs the terminal up. Ends as the command does.
"""

import os
import pty
import signal
import sys
import threading

descriptors = [int(number) for number in sys.argv[1].split(",")]
master, slave = pty.openpty()
child = os.fork()
if child == 0:
    os.close(master)
    for descriptor in descriptors:
        os.dup2(slave, descriptor)
    os.execvp(sys.argv[2], sys.argv[2:])
os.close(slave)
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
    signal.signal(number, lambda number, _: os.kill(child, number))

asked = threading.Event()


def show():
    if os.read(0, 4096):
        os.close(master)
        return
    asked.set()
    try:
        while text := os.read(master, 65536):
            sys.stdout.buffer.write(text)
    except OSError:  # EIO: the command has ended
        sys.stdout.flush()


reader = threading.Thread(target=show, daemon=True)
reader.start()
_, status = os.waitpid(child, 0)
if asked.is_set():
    reader.join()
os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
