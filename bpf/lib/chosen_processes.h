/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The processes that were asked for, by number and by name. */
#ifndef RINGCAP_CHOSEN_PROCESSES_H
#define RINGCAP_CHOSEN_PROCESSES_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "lib/comm.h"

/* Constants, written before the program is loaded. */
const volatile __u8 filter_pids;  /* whether only the processes in the map pids count */
const volatile __u8 filter_comms; /* whether only processes with the names in the map comms count */

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

static __always_inline bool is_chosen_process(const __u32 *pid, const char *comm) {
    if (filter_pids && !bpf_map_lookup_elem(&pids, pid))
        return false;
    return !filter_comms || bpf_map_lookup_elem(&comms, comm);
}

#endif
