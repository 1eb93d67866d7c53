/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Decides whether a packet belongs to the processes that were asked for. This works at TC only. */
#ifndef RINGCAP_CHOSEN_OWNER_H
#define RINGCAP_CHOSEN_OWNER_H

#include "owners/command_packet.h"

/* Constants, written before the program is loaded. */
const volatile __u8 filter_pids;  /* whether only packets of the processes in the map pids match */
const volatile __u8 filter_comms; /* whether only packets of processes with the names in the map comms match */
const volatile __u8 only_command; /* whether only packets of the command that the capture runs match */

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u8);
} pids SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, char[COMM_LENGTH]);
    __type(value, __u8);
} comms SEC(".maps");

static __always_inline bool filters_owners(void) {
    return filter_pids || filter_comms || only_command;
}

static __always_inline bool process_matches(const struct packet_process *process) {
    if (filter_pids && !bpf_map_lookup_elem(&pids, &process->pid))
        return false;
    return !filter_comms || bpf_map_lookup_elem(&comms, process->comm);
}

/* Finds the process of the packet in any case, and decides by it. Where there is no process, all its fields are 0. */
static __always_inline bool has_chosen_owner(struct __sk_buff *skb, const struct packet *packet,
                                             const volatile struct protocol_set *protocols, bool sent,
                                             struct packet_process *process) {
    struct owner owner = {};
    const bool found = sent ? find_sender(skb, &owner) : find_receiver(skb, packet, protocols, &owner);

    *process = owner.process;
    if ((filter_pids || filter_comms) && !(found && process_matches(process)))
        return false;
    return !only_command || (found && owner.of_command) || is_end_of_command(skb, packet, protocols, sent);
}

#endif
