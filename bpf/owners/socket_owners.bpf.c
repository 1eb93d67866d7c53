// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Notes which process each socket of the internet belongs to: first the process that created it, and then the process
 * that connected, listens, or accepted. It also notes whether that process descends from a command that the capture
 * runs. capture.bpf.c reads what it stored.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "lib/accepted_socket.h"
#include "lib/kernel_types.h"
#include "lib/process.h"
#include "lib/socket.h"
#include "lib/state_changes.h"
#include "owners/command_processes.h"
#include "owners/socket_owner.h"

/* The kernel gives helpers for tracing only to programs under the GPL. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Written before the program is loaded. */
const volatile __u8 follows_command; /* whether packets of a command are asked for */

static __always_inline void read_task_owner(struct task_struct *task, struct owner *to) {
    struct process process = {};

    read_process(task, &process);
    to->process.pid = process.pid;
    to->process.uid = process.uid;
    __builtin_memcpy(to->process.comm, process.comm, sizeof(to->process.comm));
    to->of_command = follows_command && is_command_process(process.pid);
}

static __always_inline void own_by_current(struct sock *sk) {
    struct socket_owner *noted = bpf_sk_storage_get(&socket_owners, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);

    if (noted)
        read_task_owner((struct task_struct *)bpf_get_current_task(), &noted->owner);
}

/* Notes a connection. A connection of another process between the same ends takes the place of one of the command. */
static __always_inline void note_connection(const struct sock *sk, bool of_command) {
    struct connection_ends key = {};
    struct endpoints ends = {};
    const __u8 noted = 1;

    read_endpoints(sk, &ends);
    __builtin_memcpy(key.local_address, ends.local_address, sizeof(key.local_address));
    __builtin_memcpy(key.remote_address, ends.remote_address, sizeof(key.remote_address));
    key.local_port = bpf_htons(ends.local_port);
    key.remote_port = bpf_htons(ends.remote_port);
    key.ip_version = ends.family;
    if (of_command)
        bpf_map_update_elem(&command_connections, &key, &noted, BPF_ANY);
    else
        bpf_map_delete_elem(&command_connections, &key);
}

/*
 * connect(2) and listen(2) change the state in the process that calls them. An incoming connection has the owner of its
 * listener.
 */
static __always_inline int follow_state(struct sock *sk, int old_state, int state) {
    struct socket_owner *noted;
    __u64 cookie;

    if (state == TCP_SYN_SENT || state == TCP_LISTEN) {
        own_by_current(sk);
        return 0;
    }
    noted = bpf_sk_storage_get(&socket_owners, sk, NULL, 0);
    if (!noted)
        return 0;
    if (old_state == TCP_SYN_RECV && state == TCP_ESTABLISHED)
        noted->cookie = bpf_get_socket_cookie(sk);
    if (follows_command)
        note_connection(sk, owner_of(noted)->of_command);
    cookie = noted->cookie;
    if (state == TCP_CLOSE && cookie)
        bpf_map_delete_elem(&acceptors, &cookie);
    return 0;
}

/* Runs in the process that calls socket(2). It always returns 1, which allows the socket. */
SEC("cgroup/sock_create")
int socket_created(struct bpf_sock *sk) {
    struct socket_owner *noted = bpf_sk_storage_get(&socket_owners, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);

    if (noted)
        read_task_owner((struct task_struct *)bpf_get_current_task(), &noted->owner);
    return 1;
}

/* Runs in the process that forks. */
SEC("tp_btf/sched_process_fork")
int process_forked(__u64 *arguments) {
    follow_fork((struct task_struct *)arguments[0], (struct task_struct *)arguments[1]);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int process_exited(__u64 *arguments) {
    follow_exit((struct task_struct *)arguments[0]);
    return 0;
}

/* accept(2) returns, and the process that called it owns the connection from here on. */
SEC("raw_tp/sys_exit")
int accept_returned(struct bpf_raw_tracepoint_args *context) {
    struct sock *sk = accepted_socket(context);
    struct owner owner = {};
    __u64 cookie;

    if (!sk)
        return 0;
    cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
    if (!cookie)
        return 0;
    read_task_owner((struct task_struct *)bpf_get_current_task(), &owner);
    bpf_map_update_elem(&acceptors, &cookie, &owner, BPF_ANY);
    return 0;
}

/*
 * Finds sockets that existed before the programs were attached. Several processes may hold one socket. The first
 * process that the iterator meets counts as its owner.
 */
SEC("iter/task_file")
int find_sockets(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct file *file = context->file;
    struct command_launcher *launcher = get_launcher();
    struct socket_owner *noted;
    struct socket *socket;
    struct sock *sk;
    __u16 family;

    /* The iterator runs in the process that reads it. */
    if (launcher)
        launcher->pid = bpf_get_current_pid_tgid() >> 32;
    if (!task || !file)
        return 0;
    socket = bpf_sock_from_file(file);
    sk = socket ? socket->sk : NULL;
    if (!sk)
        return 0;
    family = BPF_CORE_READ(sk, __sk_common.skc_family);
    if (family != ADDRESS_FAMILY_IPV4 && family != ADDRESS_FAMILY_IPV6)
        return 0;
    if (bpf_sk_storage_get(&socket_owners, sk, NULL, 0))
        return 0;
    noted = bpf_sk_storage_get(&socket_owners, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
    if (noted)
        read_task_owner(task, &noted->owner);
    return 0;
}
