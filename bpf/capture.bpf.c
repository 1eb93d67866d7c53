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

char LICENSE[] SEC("license") = "Dual MIT/GPL";

/* What bpf_xdp_load_bytes() takes at once, and from how far on (bpf_xdp_pointer() in net/core/filter.c). */
#define XDP_LOAD_MAX 0xffff

/* TCX_NEXT and TCX_DROP of the kernel's uapi/linux/bpf.h; clsact reads them as TC_ACT_UNSPEC and TC_ACT_SHOT. */
#define TC_NEXT -1
#define TC_DROP 2

/* Constants, written before the program is loaded. */
const volatile struct filter filter;
const volatile __u32 snapshot_length = 128;  /* bytes */
const volatile __u32 wake_bytes = 64 * 1024; /* ring bytes after which user space is woken; 0: at every packet */
const volatile __u8 link_layer = LINK_LAYER_ETHERNET;
const volatile __u8 drop_matched = 0;

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

static __always_inline bool packet_load(const struct packet *packet, __u32 offset, void *to, __u32 size) {
    if (!packet->is_skb)
        return bpf_xdp_load_bytes(packet->context, offset, to, size) == 0;
    if (!packet->has_detached_header)
        return bpf_skb_load_bytes(packet->context, offset, to, size) == 0;
    if (offset < ETHERNET_HEADER_LENGTH)
        return bpf_skb_load_bytes_relative(packet->context, offset, to, size, BPF_HDR_START_MAC) == 0;
    return bpf_skb_load_bytes(packet->context, offset - ETHERNET_HEADER_LENGTH, to, size) == 0;
}

static __always_inline void *ring_of_this_cpu(void) {
    __u32 cpu = bpf_get_smp_processor_id();
    void *ring = bpf_map_lookup_elem(&rings, &cpu);
    if (ring)
        return ring;
    cpu = 0;
    return bpf_map_lookup_elem(&rings, &cpu);
}

/* Copies bytes from a constant offset on: at most capacity, which is a constant too. */
static __always_inline bool copy_from(const struct packet *packet, __u32 offset, __u8 *to, __u64 length,
                                      __u64 capacity) {
    if (packet->has_detached_header && offset < ETHERNET_HEADER_LENGTH) {
        const __u64 before = ETHERNET_HEADER_LENGTH - offset;
        OPAQUE(length);
        if (length <= before)
            return length > 0 && packet_load(packet, offset, to, length);
        if (!packet_load(packet, offset, to, before))
            return false;
        offset += before;
        to += before;
        length -= before;
        capacity -= before;
    }
    if (!packet->is_skb && capacity > XDP_LOAD_MAX && length > XDP_LOAD_MAX) {
        if (!packet_load(packet, offset, to, XDP_LOAD_MAX))
            return false;
        offset += XDP_LOAD_MAX;
        to += XDP_LOAD_MAX;
        length -= XDP_LOAD_MAX;
        capacity -= XDP_LOAD_MAX;
    }
    OPAQUE(length);
    if (length == 0 || length > capacity)
        return false;
    return packet_load(packet, offset, to, length);
}

/* Puts back the tag that the kernel took out: between the addresses and the EtherType (IEEE 802.1Q clause 9). */
static __always_inline bool copy_tagged(const struct packet *packet, __u8 *to, __u64 length, __u64 capacity) {
    const __u64 tag_end = ETHERNET_ADDRESSES_LENGTH + VLAN_TAG_LENGTH;

    if (!packet_load(packet, 0, to, ETHERNET_ADDRESSES_LENGTH))
        return false;
    *(__u16 *)(to + ETHERNET_ADDRESSES_LENGTH) = packet->metadata_tag_protocol;
    *(__u16 *)(to + ETHERNET_ADDRESSES_LENGTH + 2) = bpf_htons(packet->metadata_tci);
    if (length <= tag_end)
        return true;
    return copy_from(packet, ETHERNET_ADDRESSES_LENGTH, to + tag_end, length - tag_end, capacity - tag_end);
}

static __always_inline bool copy_packet(const struct packet *packet, __u8 *to, __u64 length, __u64 capacity) {
    if (packet->has_metadata_tag)
        return copy_tagged(packet, to, length, capacity);
    return copy_from(packet, 0, to, length, capacity);
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
        .timestamp = bpf_ktime_get_ns(),
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
        .data = (const void *)(long)context->data,
        .data_end = (const void *)(long)context->data_end,
        .context = context,
        .link_layer = LINK_LAYER_ETHERNET,
    };

    if (!counts)
        return XDP_PASS;
    counts->seen++;
    if (!filter_matches(&filter, &packet))
        return XDP_PASS;
    counts->matched++;
    capture(&packet, bpf_xdp_get_buff_len(context), context->ingress_ifindex, PACKET_DIRECTION_IN, counts);
    return drop_matched ? XDP_DROP : XDP_PASS;
}

/*
 * Where a generic XDP program made the kernel copy the packet, TC programs are shown it without its Ethernet header:
 * the copy has no mac_len by which tcx_run() could go back to it (skb_pp_cow_data() in net/core/skbuff.c). The header
 * is still there, in front of the data.
 */
static __always_inline bool is_header_detached(struct __sk_buff *skb) {
    const void *data = (const void *)(long)skb->data;
    const __u16 *shown = data;
    const __u16 protocol = skb->protocol;
    __u16 header[ETHERNET_HEADER_LENGTH / 2];

    if (data + sizeof(header) <= (const void *)(long)skb->data_end) {
        /* What has the right EtherType, and does not start as an IP header does, needs no closer look. */
        const __u8 version = *(const __u8 *)data >> 4;
        if (shown[ETHERNET_ADDRESSES_LENGTH / 2] == protocol &&
            ((protocol == bpf_htons(ETHER_TYPE_IPV4) && version != 4) ||
             (protocol == bpf_htons(ETHER_TYPE_IPV6) && version != 6)))
            return false;
    }
    if (bpf_skb_load_bytes_relative(skb, 0, header, sizeof(header), BPF_HDR_START_MAC) != 0)
        return false;
    if (data + sizeof(header) > (const void *)(long)skb->data_end)
        return true;
#pragma unroll
    for (int i = 0; i < ETHERNET_HEADER_LENGTH / 2; i++) {
        if (header[i] != shown[i])
            return true;
    }
    return false;
}

static __always_inline int capture_skb(struct __sk_buff *skb, __u32 direction) {
    struct capture_counters *counts = counters_of_this_cpu();
    const struct packet packet = {
        .data = (const void *)(long)skb->data,
        .data_end = (const void *)(long)skb->data_end,
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
