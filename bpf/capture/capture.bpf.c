// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Captures packets at XDP and TC: matches them, samples them where that is asked for, cuts them to the snapshot length,
 * writes them into the ring of this CPU, and counts them.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "filter/filter.h"
#include "capture/admission.h"
#include "capture/append_block.h"
#include "capture/append_record.h"
#include "capture/capture_counters.h"
#include "capture/detached_header.h"
#include "capture/drop_lease.h"
#include "capture/packet_of_context.h"
#include "capture/walks.h"
#include "counts/count_traffic.h"
#include "owners/chosen_owner.h"
#include "lib/tc_actions.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Constants, written before the program is loaded. */
const volatile __u32 snapshot_length = 1; /* bytes, at most PACKET_CAPTURED_LENGTH_MAX */
const volatile __u32 wake_bytes;          /* ring bytes after which user space is woken; 0: at every packet */
const volatile __u8 records_packets = 1;  /* whether packets go to user space, and are not only counted */
const volatile __u8 is_tail_called;       /* a filter program calls this one, and has counted the packet as seen */

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

/* Writes a packet into the ring of this CPU, and wakes user space when enough has gathered. */
static __always_inline void capture(const struct packet *packet, __u32 length, const struct packet_origin *from,
                                    const struct packet_process *process, struct capture_counters *counts) {
    bool contended = is_preemptible;
    struct packet_ring *ring = ring_of_this_cpu(&contended);
    const struct recorded recorded = {
        .packet = packet,
        .from = from,
        .process = process,
        .original_length = length,
        .captured_length = length < snapshot_length ? length : snapshot_length,
    };

    if (!ring) {
        counts->copy_failed++;
        return;
    }
    if (!claim(ring, contended)) {
        counts->ring_full++;
        return;
    }
    const __u64 mark = ring->published;
    const __u64 record_length =
        with_blocks ? append_block(ring, mark, &recorded, counts) : append_record(ring, mark, &recorded, counts);
    if (record_length == 0) {
        release(ring, contended);
        return;
    }
    publish(ring, mark, record_length, ring_size, ordered_stores);
    const __u64 unwoken = ring->unwoken + record_length;
    const bool wake = unwoken >= wake_bytes;
    ring->unwoken = wake ? 0 : unwoken;
    release(ring, contended);
    counts->submitted++;
    if (wake)
        wake_user_space();
}

static __always_inline struct capture_counters *counters_of_this_cpu(void) {
    const __u32 zero = 0;
    return bpf_map_lookup_elem(&counters, &zero);
}

/* User space loads this program with BPF_F_XDP_HAS_FRAGS where the kernel has fragments at XDP. */
SEC("xdp")
int capture_xdp(struct xdp_md *context) {
    struct capture_counters *counts = counters_of_this_cpu();
    const struct packet packet = packet_of_xdp(context);

    if (!counts)
        return XDP_PASS;
    if (!is_tail_called)
        counts->seen++;
    if (!filter_matches(&filter, &packet))
        return XDP_PASS;
    counts->matched++;
    count_traffic(&packet, xdp_length(&packet));
    const struct packet_origin origin = {
        .interface_index = context->ingress_ifindex,
        .direction = PACKET_DIRECTION_IN,
        .is_dropped = drops_matched(),
        .queue = context->rx_queue_index,
    };
    if (records_packets && is_admitted(counts))
        capture(&packet, xdp_length(&packet), &origin, NULL, counts);
    return origin.is_dropped ? XDP_DROP : XDP_PASS;
}

static __always_inline int capture_skb(struct __sk_buff *skb, __u32 direction) {
    struct capture_counters *counts = counters_of_this_cpu();
    const bool may_be_detached = direction == PACKET_DIRECTION_IN && link_layer == LINK_LAYER_ETHERNET;
    const struct packet packet = packet_of_skb(skb, may_be_detached && is_header_detached(skb));
    const __u32 length = skb->len + (packet.has_detached_header ? ETHERNET_HEADER_LENGTH : 0) +
                         (packet.has_metadata_tag ? VLAN_TAG_LENGTH : 0);
    struct packet_process process = {};

    if (!counts)
        return TC_NEXT;
    if (!is_tail_called)
        counts->seen++;
    if (!filter_matches(&filter, &packet))
        return TC_NEXT;
    if ((with_process || filters_owners()) &&
        !has_chosen_owner(skb, &packet, direction == PACKET_DIRECTION_OUT, &process))
        return TC_NEXT;
    counts->matched++;
    count_traffic(&packet, length);
    const struct packet_origin origin = {
        .interface_index = skb->ifindex,
        .direction = direction,
        .is_dropped = drops_matched(),
        .queue = PACKET_QUEUE_UNKNOWN,
    };
    if (records_packets && is_admitted(counts))
        capture(&packet, length, &origin, &process, counts);
    return origin.is_dropped ? TC_DROP : TC_NEXT;
}

SEC("tc")
int capture_tc_ingress(struct __sk_buff *skb) {
    return capture_skb(skb, PACKET_DIRECTION_IN);
}

SEC("tc")
int capture_tc_egress(struct __sk_buff *skb) {
    return capture_skb(skb, PACKET_DIRECTION_OUT);
}
