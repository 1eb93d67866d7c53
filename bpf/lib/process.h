/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Reads the process of a task, and the sockets behind its descriptors. */
#ifndef RINGCAP_PROCESS_H
#define RINGCAP_PROCESS_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "connections/connection_record.h"
#include "lib/kernel_types.h"

static __always_inline void read_process(struct task_struct *task, struct process *process) {
    struct task_struct *leader = BPF_CORE_READ(task, group_leader);

    process->pid = BPF_CORE_READ(task, tgid);
    process->tid = BPF_CORE_READ(task, pid);
    process->uid = BPF_CORE_READ(task, cred, uid.val);
    process->parent_pid = BPF_CORE_READ(task, real_parent, tgid);
    process->start_time = BPF_CORE_READ(leader, start_boottime);
    BPF_CORE_READ_STR_INTO(&process->comm, leader, comm);
}

static __always_inline void read_current_process(struct process *process) {
    read_process((struct task_struct *)bpf_get_current_task(), process);
}

static __always_inline bool is_socket(const struct file *file) {
    return (BPF_CORE_READ(file, f_inode, i_mode) & INODE_TYPE_MASK) == INODE_TYPE_SOCKET;
}

/* Returns the socket behind a file that is a socket. */
static __always_inline struct sock *socket_of_file(const struct file *file) {
    const struct socket *socket = BPF_CORE_READ(file, private_data);

    return BPF_CORE_READ(socket, sk);
}

/* Returns the socket behind a descriptor of the current task, or NULL where the descriptor is no socket. */
static __always_inline struct sock *socket_of_descriptor(__u32 descriptor) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct fdtable *table = BPF_CORE_READ(task, files, fdt);
    struct file **files = BPF_CORE_READ(table, fd);
    struct file *file = NULL;

    if (descriptor >= BPF_CORE_READ(table, max_fds))
        return NULL;
    bpf_probe_read_kernel(&file, sizeof(file), files + descriptor);
    return file && is_socket(file) ? socket_of_file(file) : NULL;
}

#endif
