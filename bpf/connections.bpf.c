// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Follows TCP connections and the processes that own them, by the tracepoint of socket states. It runs wherever the
 * state changes, in the midst of a softirq too: the current task is the owner only where a process holds the socket.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "connection_record.h"
#include "filter_layout.h"
#include "kernel_types.h"
#include "process.h"
#include "socket.h"
#include "system_call.h"

/* Helpers for tracing are given to programs under the GPL. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Constants, written before the program is loaded. */
const volatile struct filter filter;
const volatile __u32 only_namespace;  /* inode number; 0: all */
const volatile __u8 filter_pids;      /* whether only those of the map pids count */
const volatile __u8 filter_comms;     /* whether only those of the map comms count */
const volatile __u8 all_events;       /* records of every state change, not of closes alone */
const volatile __u8 process_details;  /* records of processes */
const volatile __u8 key_by_pointer;   /* where the kernel gives no cookies to tracing programs: before 5.12 */
const volatile __u32 wake_bytes;      /* what may lie in the ring before user space is woken */
const volatile __u32 accept_calls[2]; /* numbers of accept and accept4 on this architecture */

enum connection_flag {
    CONNECTION_OLDER = 1 << 0,     /* began before it was seen: no one knows when */
    CONNECTION_ACCEPTED = 1 << 1,  /* the owner is the one that accepted or connected */
    CONNECTION_OWNED = 1 << 2,     /* the owner is known */
    CONNECTION_UNDECIDED = 1 << 3, /* whether it matches shows when the local port is chosen */
};

struct connection {
    __u64 socket; /* its address */
    __u64 started;
    __u64 established;
    struct process owner;
    __u8 flags; /* enum connection_flag */
    __u8 role;
    __u8 closed_by;
    __u8 state; /* of TCP, as last seen */
    __u8 reserved[4];
};

struct listener_address {
    __u32 network_namespace;
    __u16 family; /* of the socket: a child has that of its listener */
    __u16 port;
    __u32 address[4];
};

/* Listeners of one address: more than one with SO_REUSEPORT. */
struct listeners {
    struct process owner;
    __u32 sockets;
    __u32 shared; /* whether different processes listen: which of them gets a connection shows when it accepts */
};

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1);
    __type(key, __u64);
    __type(value, struct connection);
} connections SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, __u64);
    __type(value, struct process);
} listener_owners SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 16384);
    __type(key, struct listener_address);
    __type(value, struct listeners);
} listeners SEC(".maps");

/* Processes whose details are in the ring already, by pid and start time. */
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 8192);
    __type(key, __u64[2]);
    __type(value, __u8);
} known_processes SEC(".maps");

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

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 1);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct network_key);
    __type(value, __u8);
} networks SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct connection_counters);
} counters SEC(".maps");

#define CLAIM_PLACES 16384
#define CLAIMS_OF_PLACE 4

/*
 * Changes of sockets that have no entry (any more), which one of the programs has seen and the others may yet. The
 * latest come first: a few others at the same place in between do not drive a change out.
 */
struct claims {
    __u64 changes[CLAIMS_OF_PLACE];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, CLAIM_PLACES);
    __type(key, __u32);
    __type(value, struct claims);
} claims SEC(".maps");

#include "connection_filter.h"

static __always_inline struct connection_counters *counters_of_this_cpu(void) {
    const __u32 zero = 0;
    return bpf_map_lookup_elem(&counters, &zero);
}

/* A softirq may come in between: its program counts on the same CPU. */
static __always_inline void count(__u64 *counter) {
    __sync_fetch_and_add(counter, 1);
}

static __always_inline __u64 wake_flags(void) {
    return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) < wake_bytes ? BPF_RB_NO_WAKEUP : BPF_RB_FORCE_WAKEUP;
}

/* Only where sk is one of the verifier's own can the kernel be asked for a cookie, which it makes at the first
 * question. */
static __always_inline __u64 key_of(struct sock *sk) {
    return key_by_pointer ? (__u64)sk : bpf_get_socket_cookie(sk);
}

static __always_inline __u64 key_of_asked(const struct sock *sk) {
    return key_by_pointer ? (__u64)sk : (__u64)BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
}

/* Once for each process: its command line, read while it runs. */
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
    /* Memory that was swapped out cannot be read here: user space then asks /proc. */
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

static __always_inline void own_by_current(struct connection *connection) {
    read_current_process(&connection->owner);
    connection->flags |= CONNECTION_OWNED | CONNECTION_ACCEPTED;
    if (process_details)
        describe_process(&connection->owner);
}

#include "listeners.h"

/* Until somebody accepts, a connection belongs to who listens. Its user is known in any case. */
static __always_inline void own_by_listener(struct connection *connection, struct sock *sk,
                                            const struct endpoints *ends) {
    if (find_listener(sk, ends, &connection->owner))
        connection->flags |= CONNECTION_OWNED;
    else
        connection->owner.uid = BPF_CORE_READ(sk, sk_uid.val);
}

static __always_inline bool held_by_process(const struct sock *sk) {
    return BPF_CORE_READ(sk, sk_lock.owned) != 0;
}

/* A connection that is met in the middle of its life: at the end of the server's handshake, or begun unseen. */
static __always_inline void meet(struct connection *connection, struct sock *sk, const struct endpoints *ends,
                                 int old_state, __u64 now) {
    connection->started = now;
    if (old_state == TCP_SYN_RECV) {
        connection->role = ROLE_SERVER;
    } else {
        connection->role = role_of(sk, old_state);
        connection->flags = CONNECTION_OLDER;
    }
    if (connection->role == ROLE_CLIENT)
        connection->owner.uid = BPF_CORE_READ(sk, sk_uid.val);
    else
        own_by_listener(connection, sk, ends);
    if (connection->role == ROLE_UNKNOWN)
        connection->role = connection->flags & CONNECTION_OWNED ? ROLE_SERVER : ROLE_CLIENT;
}

/* False when the connection is there already. */
static __always_inline bool remember(__u64 key, const struct connection *connection) {
    struct connection_counters *counts = counters_of_this_cpu();
    const long result = bpf_map_update_elem(&connections, &key, connection, BPF_NOEXIST);

    if (!counts || result == -ERROR_EXISTS)
        return false;
    count(result == 0 ? &counts->inserted : &counts->not_inserted);
    return true;
}

static __always_inline void forget(__u64 key) {
    struct connection_counters *counts = counters_of_this_cpu();

    if (bpf_map_delete_elem(&connections, &key) == 0 && counts)
        count(&counts->deleted);
}

#include "missed_ends.h"

static __always_inline void count_opened(void) {
    struct connection_counters *counts = counters_of_this_cpu();

    if (counts)
        count(&counts->opened);
}

static __always_inline __u64 change_of(__u64 key, int state) {
    return key ^ (__u64)state << 56;
}

static __always_inline struct claims *place_of_claim(__u64 key) {
    const __u32 index = (key * 0x9e3779b97f4a7c15ULL >> 32) % CLAIM_PLACES;
    return bpf_map_lookup_elem(&claims, &index);
}

static __always_inline bool is_among(const struct claims *claimed, __u64 change) {
    for (int at = 0; at < CLAIMS_OF_PLACE; at++) {
        if (claimed->changes[at] == change)
            return true;
    }
    return false;
}

/* Whether nobody has claimed the change; it is claimed then. */
static __always_inline bool claim(__u64 key, int state) {
    const __u64 change = change_of(key, state);
    struct claims *claimed = place_of_claim(key);

    if (!claimed || is_among(claimed, change))
        return false;
    for (int at = CLAIMS_OF_PLACE - 1; at > 0; at--)
        claimed->changes[at] = claimed->changes[at - 1];
    claimed->changes[0] = change;
    return true;
}

static __always_inline bool is_claimed(__u64 key, int state) {
    const struct claims *claimed = place_of_claim(key);
    return claimed && is_among(claimed, change_of(key, state));
}

/*
 * The kernel does not run a program within itself: what changes in a softirq that interrupts the program, or in a
 * process that preempts it on its CPU, would be lost, one change in some hundred on a busy host. So there are three of
 * it, and whichever runs first takes a change: while one is interrupted, another is free. The changes of one socket
 * come one after the other, under its lock: the others find the state that the first has noted.
 */
static __always_inline int follow(struct sock *sk, int old_state, int state) {
    struct endpoints ends = {};
    struct connection fresh = {};
    struct connection *connection;
    const __u64 now = bpf_ktime_get_ns();
    __u64 key;

    if (!is_tcp_socket(sk))
        return 0;
    if (state == TCP_LISTEN || (old_state == TCP_LISTEN && state == TCP_CLOSE)) {
        follow_listener(sk, key_of(sk), state == TCP_LISTEN);
        return 0;
    }
    /* A child is born, and has neither cookie nor addresses on kernels before 6.15. */
    if (old_state == TCP_LISTEN)
        return 0;
    key = key_of(sk);
    fresh.socket = (__u64)sk;
    connection = bpf_map_lookup_elem(&connections, &key);
    if (connection && connection->state == state)
        return 0;
    if (connection && is_of_another(connection, old_state, state)) {
        miss(key, connection);
        connection = NULL;
    }
    read_endpoints(sk, &ends);
    if (only_namespace && ends.network_namespace != only_namespace)
        return 0;
    if (state == TCP_SYN_SENT) {
        /* The local port may not be chosen yet: whether it matches shows later. */
        if (!endpoints_match(&ends, ends.local_port == 0))
            return 0;
        fresh.started = now;
        fresh.role = ROLE_CLIENT;
        own_by_current(&fresh);
        if (!endpoints_match(&ends, false))
            fresh.flags |= CONNECTION_UNDECIDED;
        fresh.state = state;
        if (!remember(key, &fresh) || fresh.flags & CONNECTION_UNDECIDED)
            return 0;
        count_opened();
        emit(sk, &ends, &fresh, EVENT_SYN_SENT, REASON_NONE, now);
        return 0;
    }
    if (!endpoints_match(&ends, false)) {
        if (old_state == TCP_SYN_SENT)
            forget(key);
        return 0;
    }
    if (connection) {
        connection->state = state;
    } else {
        /* A child that was established gets an entry; of others a claim alone tells that they were seen. */
        if ((old_state != TCP_SYN_RECV || state == TCP_CLOSE) && !claim(key, state))
            return 0;
        fresh.state = state;
        meet(&fresh, sk, &ends, old_state, now);
        connection = &fresh;
        if (old_state == TCP_SYN_RECV) {
            count_opened();
            emit(sk, &ends, connection, EVENT_SYN_RECEIVED, REASON_NONE, time_of_syn(sk, now));
        }
    }
    /* The compiler would compute addresses from it before it is compared with NULL, which the verifier refuses. */
    barrier_var(connection);
    if (connection->flags & CONNECTION_UNDECIDED) {
        connection->flags &= ~CONNECTION_UNDECIDED;
        count_opened();
        emit(sk, &ends, connection, EVENT_SYN_SENT, REASON_NONE, connection->started);
    }
    /* Field by field: accept(2) may be writing the owner on another CPU. */
    if (state == TCP_ESTABLISHED)
        connection->established = now;
    if (!(connection->flags & CONNECTION_ACCEPTED) && held_by_process(sk) && BPF_CORE_READ(sk, sk_socket)) {
        /* In the midst of accept(2), or of one that was not seen. */
        own_by_current(connection);
        if (connection->role == ROLE_SERVER && !(connection->flags & CONNECTION_OLDER))
            emit(sk, &ends, connection, EVENT_ACCEPT, REASON_NONE, now);
    }
    if (connection->closed_by == CLOSED_BY_NOBODY) {
        if (state == TCP_FIN_WAIT1)
            connection->closed_by = CLOSED_BY_LOCAL;
        else if (state == TCP_CLOSE_WAIT)
            connection->closed_by = CLOSED_BY_REMOTE;
    }
    if (state == TCP_CLOSE) {
        const __u8 reason = close_reason_of(sk, old_state);
        if (reason == REASON_RST || reason == REASON_REFUSED)
            connection->closed_by = BPF_CORE_READ(sk, sk_err) ? CLOSED_BY_REMOTE : CLOSED_BY_LOCAL;
        else if (reason != REASON_FIN)
            connection->closed_by = CLOSED_BY_NOBODY;
        emit(sk, &ends, connection, EVENT_CLOSE, reason, now);
        if (connection != &fresh)
            claim(key, state);
        forget(key);
        return 0;
    }
    /* What was forgotten for want of room is not remembered again: it would be forgotten and counted twice. */
    if (connection == &fresh && !(fresh.flags & CONNECTION_OLDER))
        remember(key, &fresh);
    emit(sk, &ends, connection, state, REASON_NONE, now);
    return 0;
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_first(__u64 *arguments) {
    return follow((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_second(__u64 *arguments) {
    return follow((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_third(__u64 *arguments) {
    return follow((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_first(struct bpf_raw_tracepoint_args *context) {
    return follow((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_second(struct bpf_raw_tracepoint_args *context) {
    return follow((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

SEC("raw_tp/inet_sock_set_state")
int raw_state_changed_third(struct bpf_raw_tracepoint_args *context) {
    return follow((struct sock *)context->args[0], (int)context->args[1], (int)context->args[2]);
}

/* accept(2) returns: whoever called it has the connection now. */
SEC("raw_tp/sys_exit")
int accept_returned(struct bpf_raw_tracepoint_args *context) {
    const __u32 call = system_call_of((const void *)context->args[0]);
    const long descriptor = context->args[1];
    struct connection *connection;
    struct endpoints ends = {};
    struct sock *sk;
    __u64 key;

    if ((call != accept_calls[0] && call != accept_calls[1]) || descriptor < 0)
        return 0;
    sk = socket_of_descriptor(descriptor);
    if (!sk || !is_tcp_socket(sk))
        return 0;
    key = key_of_asked(sk);
    connection = bpf_map_lookup_elem(&connections, &key);
    if (!connection || connection->flags & CONNECTION_ACCEPTED)
        return 0;
    own_by_current(connection);
    if (all_events) {
        read_endpoints(sk, &ends);
        emit(sk, &ends, connection, EVENT_ACCEPT, REASON_NONE, bpf_ktime_get_ns());
    }
    return 0;
}

/* The TCP socket behind a file that an iterator shows; NULL when it is none. */
static __always_inline struct sock *iterated_socket(struct bpf_iter__task_file *context, __u64 *key) {
    struct file *file = context->file;
    struct socket *socket;
    struct sock *sk;

    if (!file)
        return NULL;
    if (key_by_pointer) {
        sk = is_socket(file) ? socket_of_file(file) : NULL;
        if (!sk || !is_tcp_socket(sk))
            return NULL;
        *key = (__u64)sk;
        return sk;
    }
    socket = bpf_sock_from_file(file);
    sk = socket ? socket->sk : NULL;
    if (!sk || !is_tcp_socket(sk))
        return NULL;
    *key = bpf_get_socket_cookie(sk);
    return sk;
}

/* Listeners that were there before. */
SEC("iter/task_file")
int find_listeners(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct process owner = {};
    __u64 key = 0;
    struct sock *sk = iterated_socket(context, &key);

    if (!sk || !task || BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN)
        return 0;
    read_process(task, &owner);
    add_listener(sk, key, &owner);
    return 0;
}

/* Connections that were there before. */
SEC("iter/task_file")
int find_connections(struct bpf_iter__task_file *context) {
    struct task_struct *task = context->task;
    struct connection fresh = {};
    struct connection *connection;
    struct endpoints ends = {};
    __u64 key = 0;
    struct sock *sk = iterated_socket(context, &key);
    int state;

    if (!sk || !task)
        return 0;
    state = BPF_CORE_READ(sk, __sk_common.skc_state);
    if (state == TCP_LISTEN || state == TCP_CLOSE)
        return 0;
    read_endpoints(sk, &ends);
    if ((only_namespace && ends.network_namespace != only_namespace) || !endpoints_match(&ends, false))
        return 0;
    connection = bpf_map_lookup_elem(&connections, &key);
    if (connection) {
        /* It began after the tracepoint was attached; who accepted before that is known only now. */
        if (!(connection->flags & CONNECTION_ACCEPTED)) {
            read_process(task, &connection->owner);
            connection->flags |= CONNECTION_OWNED | CONNECTION_ACCEPTED;
        }
        return 0;
    }
    meet(&fresh, sk, &ends, state, bpf_ktime_get_ns());
    fresh.socket = (__u64)sk;
    fresh.state = state;
    fresh.flags |= CONNECTION_OLDER | CONNECTION_OWNED | CONNECTION_ACCEPTED;
    read_process(task, &fresh.owner);
    if (state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2)
        fresh.closed_by = CLOSED_BY_LOCAL;
    else if (state == TCP_CLOSE_WAIT)
        fresh.closed_by = CLOSED_BY_REMOTE;
    remember(key, &fresh);
    /* It may have ended since its state was read, and been told without the entry. */
    if (is_claimed(key, TCP_CLOSE))
        forget(key);
    return 0;
}
