/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Finds the socket that accept(2) has made, at the tracepoint where system calls return. */
#ifndef RINGCAP_ACCEPTED_SOCKET_H
#define RINGCAP_ACCEPTED_SOCKET_H

#include "lib/process.h"
#include "lib/socket.h"
#include "lib/system_call.h"

/* Written before the program is loaded. */
const volatile __u32 accept_calls[2]; /* numbers of accept and accept4 on this architecture */

/* Returns NULL where another system call returns, where it failed, or where the socket is not of TCP. */
static __always_inline struct sock *accepted_socket(const struct bpf_raw_tracepoint_args *context) {
    const __u32 call = system_call_of((const void *)context->args[0]);
    const long descriptor = context->args[1];
    struct sock *sk;

    if ((call != accept_calls[0] && call != accept_calls[1]) || descriptor < 0)
        return NULL;
    sk = socket_of_descriptor(descriptor);
    return sk && is_tcp_socket(sk) ? sk : NULL;
}

#endif
