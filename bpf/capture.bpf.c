// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Captures packets at XDP and TC: match, cut to the snapshot length, push through the ring of this CPU, count.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "packet_record.h"
#include "capture_counters.h"
#include "filter.h"
#include "copy.h"
#include "detached_header.h"
#include "tc_actions.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Constants, written before the program is loaded. */
const volatile struct filter filter;
const volatile __u32 snapshot_length; /* bytes */
const volatile __u32 wake_bytes;      /* ring bytes after which user space is woken; 0: at every packet */
const volatile __u8 link_layer;       /* enum link_layer */
const volatile __u8 drop_matched;
const volatile __u8 is_tail_called; /* by a filter program, which has counted the packet as seen */

struct ring {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
};

/* A ring for each CPU; a CPU that came online later has none and shares the first. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct ring);
} rings SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct capture_counters);
} counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 1);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct network_key);
    __type(value, __u8);
} networks SEC(".maps");

static __always_inline bool network_set_contains(struct network_key *key) {
    return bpf_map_lookup_elem(&networks, key) != NULL;
}

static __always_inline void *ring_of_this_cpu(void) {
    __u32 cpu = bpf_get_smp_processor_id();
    void *ring = bpf_map_lookup_elem(&rings, &cpu);
    if (ring)
        return ring;
    cpu = 0;
    return bpf_map_lookup_elem(&rings, &cpu);
}

static __always_inline __u64 wake_flags(struct capture_counters *counts, __u64 record_length) {
    counts->unwoken += record_length;
    if (counts->unwoken < wake_bytes)
        return BPF_RB_NO_WAKEUP;
    counts->unwoken = 0;
    return BPF_RB_FORCE_WAKEUP;
}

/* capacity is a constant: the verifier wants to know the size of a reservation. */
static __always_inline void capture_into(const struct packet *packet, struct packet_record header, void *ring,
                                         struct capture_counters *counts, const __u64 capacity) {
    struct packet_record *record = bpf_ringbuf_reserve(ring, sizeof(*record) + capacity, 0);
    if (!record) {
        counts->ring_full++;
        return;
    }
    *record = header;
    /* After the reservation: whoever sees no reserved record in the ring knows that later ones have later stamps. */
    record->timestamp = bpf_ktime_get_ns();
    if (!copy_packet(packet, (__u8 *)(record + 1), header.captured_length, capacity)) {
        bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
        counts->copy_failed++;
        return;
    }
    counts->submitted++;
    bpf_ringbuf_submit(record, wake_flags(counts, sizeof(*record) + capacity));
}

static __always_inline void capture(const struct packet *packet, __u32 length, __u32 interface_index, __u32 direction,
                                    struct capture_counters *counts) {
    void *ring = ring_of_this_cpu();
    struct packet_record header = {
        .captured_length = length < snapshot_length ? length : snapshot_length,
        .original_length = length,
        .interface_index = interface_index,
        .direction = direction,
    };

    if (!ring) {
        counts->copy_failed++;
        return;
    }
#define CAPTURE_UP_TO(capacity)                                                                                        \
    if (header.captured_length <= (capacity))                                                                          \
        return capture_into(packet, header, ring, counts, capacity);
    CAPTURE_UP_TO(64)
    CAPTURE_UP_TO(128)
    CAPTURE_UP_TO(256)
    CAPTURE_UP_TO(512)
    CAPTURE_UP_TO(1536)
    CAPTURE_UP_TO(4096)
    CAPTURE_UP_TO(16384)
    CAPTURE_UP_TO(65536)
    CAPTURE_UP_TO(262144)
    counts->copy_failed++;
}

static __always_inline struct capture_counters *counters_of_this_cpu(void) {
    const __u32 zero = 0;
    return bpf_map_lookup_elem(&counters, &zero);
}

SEC("xdp.frags")
int capture_xdp(struct xdp_md *context) {
    struct capture_counters *counts = counters_of_this_cpu();
    const struct packet packet = {
        .data = (const __u8 *)(long)context->data,
        .data_end = (const __u8 *)(long)context->data_end,
        .context = context,
        .link_layer = LINK_LAYER_ETHERNET,
    };

    if (!counts)
        return XDP_PASS;
    if (!is_tail_called)
        counts->seen++;
    if (!filter_matches(&filter, &packet))
        return XDP_PASS;
    counts->matched++;
    capture(&packet, bpf_xdp_get_buff_len(context), context->ingress_ifindex, PACKET_DIRECTION_IN, counts);
    return drop_matched ? XDP_DROP : XDP_PASS;
}

static __always_inline int capture_skb(struct __sk_buff *skb, __u32 direction) {
    struct capture_counters *counts = counters_of_this_cpu();
    const struct packet packet = {
        .data = (const __u8 *)(long)skb->data,
        .data_end = (const __u8 *)(long)skb->data_end,
        .context = skb,
        .is_skb = true,
        .has_detached_header =
            direction == PACKET_DIRECTION_IN && link_layer == LINK_LAYER_ETHERNET && is_header_detached(skb),
        .link_layer = link_layer,
        .has_metadata_tag = skb->vlan_present,
        .metadata_tci = skb->vlan_tci,
        .metadata_tag_protocol = skb->vlan_proto,
    };
    const __u32 length = skb->len + (packet.has_detached_header ? ETHERNET_HEADER_LENGTH : 0) +
                         (packet.has_metadata_tag ? VLAN_TAG_LENGTH : 0);

    if (!counts)
        return TC_NEXT;
    if (!is_tail_called)
        counts->seen++;
    if (!filter_matches(&filter, &packet))
        return TC_NEXT;
    counts->matched++;
    capture(&packet, length, skb->ifindex, direction, counts);
    return drop_matched ? TC_DROP : TC_NEXT;
}

SEC("tc")
int capture_tc_ingress(struct __sk_buff *skb) {
    return capture_skb(skb, PACKET_DIRECTION_IN);
}

SEC("tc")
int capture_tc_egress(struct __sk_buff *skb) {
    return capture_skb(skb, PACKET_DIRECTION_OUT);
}
