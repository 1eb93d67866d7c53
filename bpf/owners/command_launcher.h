/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The process that captures: what it starts while is_launching is set is the command. */
#ifndef RINGCAP_COMMAND_LAUNCHER_H
#define RINGCAP_COMMAND_LAUNCHER_H

#include <linux/types.h>

struct command_launcher {
    __u32 pid; /* in the initial namespace: written by the program find_sockets */
    __u32 is_launching;
};

#endif
