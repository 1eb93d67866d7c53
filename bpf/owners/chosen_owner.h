/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Decides whether a packet belongs to the processes that were asked for. This works at TC only. */
#ifndef RINGCAP_CHOSEN_OWNER_H
#define RINGCAP_CHOSEN_OWNER_H

#include "lib/chosen_processes.h"
#include "owners/command_packet.h"

/* Written before the program is loaded. */
const volatile __u8 only_command; /* whether only packets of the command that the capture runs match */

static __always_inline bool filters_owners(void) {
    return filter_pids || filter_comms || only_command;
}

/* Finds the process of the packet in any case, and decides by it. Where there is no process, all its fields are 0. */
static __always_inline bool has_chosen_owner(struct __sk_buff *skb, const struct packet *packet, bool sent,
                                             struct packet_process *process) {
    struct owner owner = {};
    const bool found = sent ? find_sender(skb, &owner) : find_receiver(skb, packet, &owner);

    *process = owner.process;
    if ((filter_pids || filter_comms) && !(found && is_chosen_process(&process->pid, process->comm)))
        return false;
    return !only_command || (found && owner.of_command) || is_end_of_command(skb, packet, sent);
}

#endif
