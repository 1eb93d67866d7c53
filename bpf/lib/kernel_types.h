/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * The fields of kernel structures that connections.bpf.c reads, and no others. libbpf finds where they lie in the
 * running kernel by its BTF: order and gaps mean nothing here.
 */
#ifndef RINGCAP_KERNEL_TYPES_H
#define RINGCAP_KERNEL_TYPES_H

#include <stdbool.h>
#include <linux/in6.h>
#include <linux/types.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
    int counter;
} atomic_t;

typedef struct {
    __s64 counter;
} atomic64_t;

typedef struct {
    __u32 val;
} kuid_t;

typedef struct {
    int owned; /* whether a process holds the socket, for which softirq work on it waits: see lock_sock() */
} socket_lock_t;

struct ns_common {
    unsigned int inum;
};

struct net {
    struct ns_common ns;
};

typedef struct {
    struct net *net;
} possible_net_t;

struct sock_common {
    __be32 skc_daddr;
    __be32 skc_rcv_saddr;
    __be16 skc_dport;
    __u16 skc_num;
    unsigned short skc_family;
    volatile unsigned char skc_state;
    possible_net_t skc_net;
    struct in6_addr skc_v6_daddr;
    struct in6_addr skc_v6_rcv_saddr;
    atomic64_t skc_cookie;
    unsigned long skc_flags;
};

struct socket;

struct sock {
    struct sock_common __sk_common;
    socket_lock_t sk_lock;
    __u16 sk_protocol;
    int sk_err;
    kuid_t sk_uid;
    struct socket *sk_socket;
    __u32 sk_ack_backlog;
    __u32 sk_max_ack_backlog;
    atomic_t sk_drops;
};

struct inet_sock {
    __be16 inet_sport;
};

struct request_sock_queue {
    atomic_t qlen;
    atomic_t young;
};

struct inet_connection_sock {
    struct request_sock_queue icsk_accept_queue;
};

struct tcp_sock {
    __u32 segs_out;
    __u32 rcv_nxt;
    __u32 copied_seq;
    __u32 snd_nxt;
    __u32 snd_una;
    __u32 srtt_us; /* eight times the smoothed round-trip time */
    __u32 total_retrans;
    __u64 bytes_sent; /* of data, retransmissions included; SYN and FIN are none */
    __u64 bytes_retrans;
    __u64 bytes_acked;    /* an acknowledged SYN and FIN count one each */
    __u64 bytes_received; /* a received FIN counts one */
};

struct inode {
    unsigned short i_mode;
};

struct file {
    struct inode *f_inode;
    void *private_data;
};

struct socket {
    struct sock *sk;
};

struct fdtable {
    unsigned int max_fds;
    struct file **fd;
};

struct files_struct {
    struct fdtable *fdt;
};

struct cred {
    kuid_t uid;
};

struct mm_struct {
    unsigned long arg_start;
    unsigned long arg_end;
};

struct signal_struct {
    atomic_t live; /* threads */
};

struct task_struct {
    int pid;
    int tgid;
    char comm[16];
    __u64 start_boottime;
    const struct cred *cred;
    struct mm_struct *mm;
    struct files_struct *files;
    struct signal_struct *signal;
    struct task_struct *group_leader;
    struct task_struct *real_parent;
};

struct seq_file;

struct bpf_iter_meta {
    struct seq_file *seq;
};

struct bpf_iter__task_file {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
    struct file *file;
};

struct bpf_iter__bpf_map_elem {
    struct bpf_iter_meta *meta;
    void *key;
    void *value;
};

/* A register of the architecture keeps the number of the system call. libbpf ignores what follows "___". */
struct pt_regs___x86 {
    unsigned long orig_ax;
};

struct pt_regs___arm64 {
    __s32 syscallno;
};

#pragma clang attribute pop

/* include/net/tcp_states.h */
enum tcp_state {
    TCP_ESTABLISHED = 1,
    TCP_SYN_SENT,
    TCP_SYN_RECV,
    TCP_FIN_WAIT1,
    TCP_FIN_WAIT2,
    TCP_TIME_WAIT,
    TCP_CLOSE,
    TCP_CLOSE_WAIT,
    TCP_LAST_ACK,
    TCP_LISTEN,
    TCP_CLOSING,
};

#define ADDRESS_FAMILY_IPV4 2  /* AF_INET, include/linux/socket.h */
#define ADDRESS_FAMILY_IPV6 10 /* AF_INET6 */
#define PROTOCOL_NUMBER_TCP 6
#define SOCK_DONE_BIT 1 /* enum sock_flags of include/net/sock.h: the peer's FIN was received */
#define INODE_TYPE_MASK 0170000
#define INODE_TYPE_SOCKET 0140000

/* asm-generic/errno.h */
#define ERROR_EXISTS 17
#define ERROR_UNREACHABLE_NETWORK 101
#define ERROR_TIMED_OUT 110
#define ERROR_REFUSED 111
#define ERROR_UNREACHABLE_HOST 113

#endif
