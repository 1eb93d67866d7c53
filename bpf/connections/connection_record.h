/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The records and counters of connections.bpf.c: the contract with src/connections. Times are CLOCK_MONOTONIC in
 * nanoseconds. Addresses and names are as the kernel has them. A field whose value is not known is 0.
 */
#ifndef RINGCAP_CONNECTION_RECORD_H
#define RINGCAP_CONNECTION_RECORD_H

#include <linux/types.h>

#include "lib/comm.h"
#include "lib/static_assert.h"

#define COMMAND_LINE_LENGTH 512

/* The first four bytes of every record. */
enum record_kind { RECORD_CONNECTION = 1, RECORD_PROCESS };

/* The number of a new state in include/net/tcp_states.h, or an event that is no state. */
enum connection_event {
    EVENT_ESTABLISHED = 1,
    EVENT_SYN_SENT,
    EVENT_SYN_RECEIVED,
    EVENT_FIN_WAIT_1,
    EVENT_FIN_WAIT_2,
    EVENT_CLOSE = 7,
    EVENT_CLOSE_WAIT,
    EVENT_LAST_ACK,
    EVENT_CLOSING = 11,
    EVENT_ACCEPT = 32, /* a process took the connection from its listener */
};

enum connection_role { ROLE_UNKNOWN, ROLE_CLIENT, ROLE_SERVER };

enum close_reason {
    REASON_NONE,
    REASON_FIN,
    REASON_RST,
    REASON_TIMEOUT,
    REASON_SYN_UNANSWERED,
    REASON_REFUSED,
    REASON_UNREACHABLE,
    REASON_ERROR,
};

enum close_side { CLOSED_BY_NOBODY, CLOSED_BY_LOCAL, CLOSED_BY_REMOTE };

struct process {
    __u64 start_time; /* since boot, nanoseconds: with the pid it names a process for ever */
    __u32 pid;
    __u32 tid;
    __u32 uid;
    __u32 parent_pid;
    char comm[COMM_LENGTH]; /* of the process, not of the thread */
};

struct connection_record {
    __u32 kind;              /* RECORD_CONNECTION */
    __u32 network_namespace; /* inode number */
    __u64 timestamp;
    __u64 started;     /* SYN sent, or the handshake's end on the server's side */
    __u64 established; /* end of the handshake */
    __u64 seen;        /* first seen, where it had begun before */
    __u64 cookie;      /* of the socket, where the kernel gave it one */
    __u64 bytes_sent;
    __u64 bytes_received;
    struct process process;
    __u32 retransmits;
    __u32 round_trip_time; /* smoothed, microseconds */
    __u16 local_port;
    __u16 remote_port;
    __u8 event;     /* enum connection_event */
    __u8 family;    /* 4 or 6 */
    __u8 role;      /* enum connection_role */
    __u8 reason;    /* enum close_reason */
    __u8 closed_by; /* enum close_side */
    __u8 has_owner; /* whether process is the owner; otherwise only its uid is known */
    __u8 reserved[6];
    __u8 local_address[16]; /* IPv4 uses the first four bytes */
    __u8 remote_address[16];
};

/* Details of a process. They are asked for early, because the process may be gone when its connection closes. */
struct process_record {
    __u32 kind; /* RECORD_PROCESS */
    __u32 pid;
    __u64 start_time;
    __u64 cgroup; /* of cgroup v2, by number */
    __u32 parent_pid;
    __u32 command_line_length; /* bytes, words end with 0 */
    char parent_comm[COMM_LENGTH];
    char command_line[COMMAND_LINE_LENGTH];
};

/* Counts of one CPU. closed = submitted_closes + lost_closes. */
struct connection_counters {
    __u64 opened;      /* connections that began and passed the filter */
    __u64 closed;      /* connections that ended and passed the filter, owner included */
    __u64 submitted;   /* records in the ring, of any kind */
    __u64 lost_closes; /* connections whose end found the ring full */
    __u64 lost_events; /* other records that found the ring full */
    __u64 inserted;    /* entries of the table of connections */
    __u64 deleted;
    __u64 not_inserted; /* connections for which the table had no room at all */
    __u64 missed;       /* connections that passed the filter and ended unseen */
};

RINGCAP_STATIC_ASSERT(sizeof(struct process) == 40);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct connection_record, timestamp) == 8);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct connection_record, process) == 64);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct connection_record, local_port) == 112);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct connection_record, local_address) == 128);
RINGCAP_STATIC_ASSERT(sizeof(struct connection_record) == 160);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct process_record, command_line) == 48);
RINGCAP_STATIC_ASSERT(sizeof(struct process_record) == 48 + COMMAND_LINE_LENGTH);

#endif
