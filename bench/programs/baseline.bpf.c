// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/* XDP programs that capture nothing: what any program costs on a packet's way. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("xdp.frags")
int pass(struct xdp_md *context) {
    return XDP_PASS;
}

SEC("xdp.frags")
int drop(struct xdp_md *context) {
    return XDP_DROP;
}
