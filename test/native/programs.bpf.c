/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* Programs for the tests of the native addon. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

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

/* The verifier refuses it: the value may be absent. */
SEC("xdp")
int refused(struct xdp_md *context) {
    __u32 key = context->ingress_ifindex;
    __u8 *value = bpf_map_lookup_elem(&scratch, &key);
    return *value;
}
