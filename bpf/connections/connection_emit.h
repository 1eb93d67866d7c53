/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Counters, keys, and the records that go to user space. */
#ifndef RINGCAP_CONNECTION_EMIT_H
#define RINGCAP_CONNECTION_EMIT_H

#include "connections/connection_maps.h"
#include "connections/connection_filter.h"
#include "lib/socket.h"

static __always_inline struct connection_counters *counters_of_this_cpu(void) {
    const __u32 zero = 0;
    return bpf_map_lookup_elem(&counters, &zero);
}

/* An atomic addition, because a softirq on the same CPU may run another copy of the program in between. */
static __always_inline void count(__u64 *counter) {
    __sync_fetch_and_add(counter, 1);
}

static __always_inline __u64 wake_flags(void) {
    return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < wake_bytes ? BPF_RB_NO_WAKEUP : BPF_RB_FORCE_WAKEUP;
}

/* The kernel makes a cookie when it is first asked, and takes the question only where the verifier trusts `sk`. */
static __always_inline __u64 key_of(struct sock *sk) {
    return key_by_pointer ? (__u64)sk : bpf_get_socket_cookie(sk);
}

static __always_inline __u64 key_of_asked(const struct sock *sk) {
    return key_by_pointer ? (__u64)sk : (__u64)BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
}

/* Tells the details of a process once, with its command line, while the process runs. */
static __noinline int describe_process(struct process *process) {
    __u64 key[2] = {};
    const __u8 known = 1;
    struct connection_counters *counts = counters_of_this_cpu();
    struct process_record *record;
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    unsigned long start, length;

    if (!counts || !process)
        return 0;
    key[0] = process->pid;
    key[1] = process->start_time;
    if (bpf_map_update_elem(&known_processes, key, &known, BPF_NOEXIST) != 0)
        return 0;
    record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        count(&counts->lost_events);
        bpf_map_delete_elem(&known_processes, key);
        return 0;
    }
    __builtin_memset(record, 0, sizeof(*record));
    record->kind = RECORD_PROCESS;
    record->pid = process->pid;
    record->start_time = process->start_time;
    record->cgroup = bpf_get_current_cgroup_id();
    record->parent_pid = process->parent_pid;
    BPF_CORE_READ_STR_INTO(&record->parent_comm, task, real_parent, group_leader, comm);
    start = BPF_CORE_READ(task, mm, arg_start);
    length = BPF_CORE_READ(task, mm, arg_end) - start;
    if (length > COMMAND_LINE_LENGTH)
        length = COMMAND_LINE_LENGTH;
    /* The program cannot read memory that was swapped out. User space then asks /proc. */
    if (bpf_probe_read_user(record->command_line, length, (const void *)start) == 0)
        record->command_line_length = length;
    count(&counts->submitted);
    bpf_ringbuf_submit(record, BPF_RB_FORCE_WAKEUP);
    return 0;
}

static __always_inline void emit(const struct sock *sk, const struct endpoints *ends,
                                 const struct connection *connection, __u8 event, __u8 reason, __u64 now) {
    struct connection_counters *counts = counters_of_this_cpu();
    struct connection_record *record;

    if (!counts || (!all_events && event != EVENT_CLOSE) || !owner_matches(connection))
        return;
    if (event == EVENT_CLOSE)
        count(&counts->closed);
    record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
    if (!record) {
        if (event == EVENT_CLOSE)
            count(&counts->lost_closes);
        else
            count(&counts->lost_events);
        return;
    }
    record->kind = RECORD_CONNECTION;
    record->network_namespace = ends->network_namespace;
    record->timestamp = now;
    record->started = connection->flags & CONNECTION_OLDER ? 0 : connection->started;
    record->established = connection->established;
    record->seen = connection->started;
    record->cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
    read_statistics(sk, record);
    record->process = connection->owner;
    record->local_port = ends->local_port;
    record->remote_port = ends->remote_port;
    record->event = event;
    record->family = ends->family;
    record->role = connection->role;
    record->reason = reason;
    record->closed_by = connection->closed_by;
    record->has_owner = (connection->flags & CONNECTION_OWNED) != 0;
    __builtin_memset(record->reserved, 0, sizeof(record->reserved));
    __builtin_memcpy(record->local_address, ends->local_address, sizeof(record->local_address));
    __builtin_memcpy(record->remote_address, ends->remote_address, sizeof(record->remote_address));
    count(&counts->submitted);
    bpf_ringbuf_submit(record, wake_flags());
}

#endif
