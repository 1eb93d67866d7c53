/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* The programs at the tracepoint of socket states. The file that includes them defines follow_state(). */
#ifndef RINGCAP_STATE_CHANGES_H
#define RINGCAP_STATE_CHANGES_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "lib/kernel_types.h"

/* Follows a socket from one state of TCP to another, and returns 0. */
static __always_inline int follow_state(struct sock *sk, int old_state, int state);

/*
 * The kernel does not run a program within itself. A change in a softirq that interrupts the program, or in a process
 * that preempts it on its CPU, would be lost: one change in some hundred on a busy host. The program is therefore
 * loaded three times. The first copy that runs takes a change, and while one copy is interrupted another is free. The
 * changes of one socket come one after the other, under its lock, so the other copies find the state that the first has
 * noted.
 */
SEC("tp_btf/inet_sock_set_state")
int state_changed_first(__u64 *arguments) {
    return follow_state((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_second(__u64 *arguments) {
    return follow_state((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state_changed_third(__u64 *arguments) {
    return follow_state((struct sock *)arguments[0], (int)arguments[1], (int)arguments[2]);
}

#endif
