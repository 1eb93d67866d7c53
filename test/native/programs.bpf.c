/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Programs for the tests of the native addon. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "../../bpf/lib/bounded.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define RECORD_MAX 2048

const volatile __u32 verdict = XDP_PASS;

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 16384);
} ring SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u8[RECORD_MAX]);
} scratch SEC(".maps");

/* The packet becomes a record of the ring as it is, whatever a packet_record says. */
SEC("xdp")
int push(struct xdp_md *context) {
    const __u32 zero = 0;
    void *copy = bpf_map_lookup_elem(&scratch, &zero);
    __u64 length = bpf_xdp_get_buff_len(context);

    if (!copy || length < 1 || length > RECORD_MAX)
        return XDP_ABORTED;
    length = 1 + bounded(length - 1, RECORD_MAX - 1);
    if (bpf_xdp_load_bytes(context, 0, copy, length) != 0)
        return XDP_ABORTED;
    return bpf_ringbuf_output(&ring, copy, length, BPF_RB_FORCE_WAKEUP) == 0 ? verdict : XDP_ABORTED;
}

/* A record that its producer gives up. */
SEC("xdp")
int discard(struct xdp_md *context) {
    void *record = bpf_ringbuf_reserve(&ring, 64, 0);
    if (!record)
        return XDP_ABORTED;
    bpf_ringbuf_discard(record, BPF_RB_FORCE_WAKEUP);
    return verdict;
}

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} next SEC(".maps");

/* Goes on into the program in `next` with tag 5 beside the frame: there the kernel keeps a first tag. */
SEC("tc")
int push_tag(struct __sk_buff *skb) {
    /* A repeated test run shows the tag of the run before. */
    if (skb->vlan_present)
        bpf_skb_vlan_pop(skb);
    if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), 5) == 0)
        bpf_tail_call(skb, &next, 0);
    return TC_ACT_SHOT;
}

/* The verifier refuses it: the value may be absent. */
SEC("xdp")
int refused(struct xdp_md *context) {
    __u32 key = context->ingress_ifindex;
    __u8 *value = bpf_map_lookup_elem(&scratch, &key);
    return *value;
}
