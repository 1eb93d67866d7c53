/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * Follows which processes are the command that a capture runs: the process that the capture starts as the command,
 * and all processes that descend from it.
 */
#ifndef RINGCAP_COMMAND_PROCESSES_H
#define RINGCAP_COMMAND_PROCESSES_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/kernel_types.h"
#include "owners/command_launcher.h"

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct command_launcher);
} command_launcher SEC(".maps");

/* The processes of the command, by process id in the initial namespace, as long as a thread of the process lives. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, 65536);
    __type(key, __u32);
    __type(value, __u8);
} command_processes SEC(".maps");

static __always_inline struct command_launcher *get_launcher(void) {
    const __u32 zero = 0;

    return bpf_map_lookup_elem(&command_launcher, &zero);
}

static __always_inline bool is_command_process(__u32 pid) {
    return bpf_map_lookup_elem(&command_processes, &pid) != NULL;
}

static __always_inline bool launches(__u32 pid) {
    const struct command_launcher *launcher = get_launcher();

    return launcher && launcher->is_launching && launcher->pid == pid;
}

/*
 * Runs in the parent before the child runs (kernel_clone() of kernel/fork.c). A new thread is a child that has the
 * same process.
 */
static __always_inline void follow_fork(struct task_struct *parent, struct task_struct *child) {
    const __u32 parent_pid = BPF_CORE_READ(parent, tgid);
    const __u32 child_pid = BPF_CORE_READ(child, tgid);
    const __u8 member = 1;

    if (child_pid != parent_pid && (is_command_process(parent_pid) || launches(parent_pid)))
        bpf_map_update_elem(&command_processes, &child_pid, &member, BPF_ANY);
}

/* `live` was counted down before (do_exit() of kernel/exit.c). It is 0 when the last thread ends. */
static __always_inline void follow_exit(struct task_struct *task) {
    const __u32 pid = BPF_CORE_READ(task, tgid);

    if (BPF_CORE_READ(task, signal, live.counter) == 0)
        bpf_map_delete_elem(&command_processes, &pid);
}

#endif
