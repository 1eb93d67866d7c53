/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Describes the process that captures. A process that it starts while is_launching is set is the command. */
#ifndef RINGCAP_COMMAND_LAUNCHER_H
#define RINGCAP_COMMAND_LAUNCHER_H

#include <linux/types.h>

struct command_launcher {
    __u32 pid; /* in the initial namespace; the program find_sockets writes it */
    __u32 is_launching;
};

#endif
