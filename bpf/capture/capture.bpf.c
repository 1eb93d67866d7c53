// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Captures packets at XDP and TC: matches them, cuts them to the snapshot length, writes them into the ring of this
 * CPU, and counts them.
 */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "capture/capture_counters.h"
#include "filter/filter.h"
#include "capture/copy.h"
#include "capture/produce.h"
#include "capture/detached_header.h"
#include "owners/chosen_owner.h"
#include "lib/tc_actions.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* Constants, written before the program is loaded. */
const volatile struct filter filter;
const volatile __u32 snapshot_length = 1; /* bytes, at most PACKET_CAPTURED_LENGTH_MAX */
const volatile __u32 ring_size = 4096;    /* bytes, a power of two */
const volatile __u32 wake_bytes;          /* ring bytes after which user space is woken; 0: at every packet */
const volatile __u32 time_unit = 1;       /* of records, ns: 1 or 1000 */
const volatile __u8 with_origin;          /* records end with a struct packet_origin */
const volatile __u8 with_process;         /* records end with a struct packet_process, behind the origin */
const volatile __u8 link_layer;           /* enum link_layer */
const volatile __u8 drop_matched;
const volatile __u8 ordered_stores; /* whether other CPUs see the stores of this CPU in their order */
const volatile __u8 is_preemptible; /* whether another packet's program can interrupt this one on its CPU */
const volatile __u32 shared_ring;   /* index of the ring that CPUs without a ring of their own share */
const volatile __u8 is_tail_called; /* a filter program calls this one, and has counted the packet as seen */

struct ring {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, PACKET_RING_DATA + 4096 + PACKET_RING_OVERRUN); /* set before loading, with ring_size */
};

/* A ring for each CPU that was online at the start, and one that the others share. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct ring);
} rings SEC(".maps");

/* User space sleeps on this ring buffer and reads nothing from it. All programs of a capture share it. */
struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} wakeups SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct capture_counters);
} counters SEC(".maps");

/*
 * The lease: matching packets are dropped until this time (CLOCK_MONOTONIC, ns). User space moves the time ahead as
 * long as it lives and wants packets dropped. Dropping therefore ends when user space ends, stands still, or waits. All
 * programs of a capture share the lease.
 */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} drop_lease SEC(".maps");

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

/* Sets `contended` where CPUs without a ring of their own share the ring. */
static __always_inline struct packet_ring *ring_of_this_cpu(bool *contended) {
    const __u32 zero = 0;
    __u32 index = bpf_get_smp_processor_id();
    void *ring = bpf_map_lookup_elem(&rings, &index);
    if (!ring) {
        *contended = true;
        index = shared_ring;
        ring = bpf_map_lookup_elem(&rings, &index);
    }
    return ring ? bpf_map_lookup_elem(ring, &zero) : NULL;
}

/*
 * Reserves a record of the ring buffer and discards it: the kernel wakes user space for a discarded record as for a
 * submitted one.
 */
static __always_inline void wake_user_space(void) {
    void *record = bpf_ringbuf_reserve(&wakeups, sizeof(__u64), 0);
    if (record)
        bpf_ringbuf_discard(record, BPF_RB_FORCE_WAKEUP);
}

/*
 * Writes a packet into the ring of this CPU. It fills `lost` of the origin while the ring is claimed, so that each
 * lost packet is told of once.
 */
static __always_inline void capture(const struct packet *packet, __u32 length, const struct packet_origin *from,
                                    const struct packet_process *process, struct capture_counters *counts) {
    bool contended = is_preemptible;
    struct packet_ring *ring = ring_of_this_cpu(&contended);
    const __u64 captured_length = length < snapshot_length ? length : snapshot_length;
    const __u64 trailer_length =
        (with_origin ? sizeof(struct packet_origin) : 0) + (with_process ? sizeof(struct packet_process) : 0);
    const __u64 record_length = sizeof(struct packet_record) + captured_length + trailer_length;
    /*
     * copy_packet() writes COPY_LENGTH_MIN bytes at least. The ring must have room for all of them, because the oldest
     * record that user space has not read may follow.
     */
    const __u64 room = captured_length < COPY_LENGTH_MIN
                           ? sizeof(struct packet_record) + COPY_LENGTH_MIN + trailer_length
                           : record_length;

    if (!ring) {
        counts->copy_failed++;
        return;
    }
    if (!claim(ring, contended)) {
        counts->ring_full++;
        return;
    }
    const __u64 mark = ring->published;
    if (!has_room(ring, mark, room, ring_size)) {
        release(ring, contended);
        counts->ring_full++;
        return;
    }
    struct packet_record *record = (void *)ring + PACKET_RING_DATA + (mark & (ring_size - 1));
    stamp(ring, record, mark & PACKET_RING_POSITION_MASK, time_unit);
    record->captured_length = captured_length;
    record->original_length = length;
    if (!copy_packet(packet, (__u8 *)(record + 1), captured_length)) {
        release(ring, contended);
        counts->copy_failed++;
        return;
    }
    if (with_origin) {
        struct packet_origin *origin = (void *)(record + 1) + bounded(captured_length, PACKET_CAPTURED_LENGTH_MAX);
        const __u64 lost = counts->ring_full + counts->copy_failed;
        *origin = *from;
        origin->lost = lost - counts->lost_told;
        counts->lost_told = lost;
        if (with_process && process)
            *(struct packet_process *)(origin + 1) = *process;
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

/*
 * The coarse clock advances with the kernel's timer tick. That is exact enough for a lease of seconds, and reading it
 * costs one load.
 */
static __always_inline bool drops_matched(void) {
    const __u32 zero = 0;
    const __u64 *until;

    if (!drop_matched)
        return false;
    until = bpf_map_lookup_elem(&drop_lease, &zero);
    return until && bpf_ktime_get_coarse_ns() < LOAD_ONCE(*until);
}

/* User space loads this program with BPF_F_XDP_HAS_FRAGS where the kernel has fragments at XDP. */
SEC("xdp")
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
    const struct packet_origin origin = {
        .interface_index = context->ingress_ifindex,
        .direction = PACKET_DIRECTION_IN,
        .is_dropped = drops_matched(),
        .queue = context->rx_queue_index,
    };
    capture(&packet, xdp_length(&packet), &origin, NULL, counts);
    return origin.is_dropped ? XDP_DROP : XDP_PASS;
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
    struct packet_process process = {};

    if (!counts)
        return TC_NEXT;
    if (!is_tail_called)
        counts->seen++;
    if (!filter_matches(&filter, &packet))
        return TC_NEXT;
    if ((with_process || filters_owners()) &&
        !has_chosen_owner(skb, &packet, &filter.protocols, direction == PACKET_DIRECTION_OUT, &process))
        return TC_NEXT;
    counts->matched++;
    const struct packet_origin origin = {
        .interface_index = skb->ifindex,
        .direction = direction,
        .is_dropped = drops_matched(),
        .queue = PACKET_QUEUE_UNKNOWN,
    };
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
