// SPDX-License-Identifier: (GPL-2.0-only OR MIT)
/*
 * Sends frames out of an interface at line rate: run by BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES, which takes
 * the redirect for real (kernel: net/bpf/test_run.c, bpf_test_run_xdp_live). Frames are untagged Ethernet.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "transmit.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

const volatile struct transmit_plan transmit_plan;

/* RFC 1624 equation 3: the checksum after one 16-bit word of what it covers changed. */
static __always_inline __u16 updated_checksum(__u16 checksum, __u16 before, __u16 after) {
    __u32 sum = (__u16)~checksum + (__u16)~before + after;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static __always_inline __u16 updated_for_address(__u16 checksum, __u32 before, __u32 after) {
    checksum = updated_checksum(checksum, before, after);
    return updated_checksum(checksum, before >> 16, after >> 16);
}

/* UDP writes the checksum 0 as 0xffff, and 0 means that there is none (RFC 768). */
static __always_inline __u16 updated_for_udp(__u16 checksum, __u16 updated) {
    if (checksum == 0)
        return 0;
    return updated ? updated : 0xffff;
}

SEC("xdp")
int transmit_frame(struct xdp_md *context) {
    void *data = (void *)(long)context->data;
    void *data_end = (void *)(long)context->data_end;
    struct ethhdr *ethernet = data;
    struct iphdr *ip = (void *)(ethernet + 1);
    struct tcphdr *tcp = (void *)(ip + 1);
    struct udphdr *udp = (void *)(ip + 1);
    const __u32 random = bpf_get_prandom_u32();

    if (!transmit_plan.vary_source_address && !transmit_plan.vary_source_port)
        goto out;
    if ((void *)(ip + 1) > data_end || ethernet->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5)
        goto out;
    const bool is_tcp = ip->protocol == IPPROTO_TCP && (void *)(tcp + 1) <= data_end;
    const bool is_udp = ip->protocol == IPPROTO_UDP && (void *)(udp + 1) <= data_end;

    if (transmit_plan.vary_source_address) {
        const __u32 before = ip->saddr;
        ip->saddr = random;
        ip->check = updated_for_address(ip->check, before, random);
        if (is_tcp)
            tcp->check = updated_for_address(tcp->check, before, random);
        else if (is_udp)
            udp->check = updated_for_udp(udp->check, updated_for_address(udp->check, before, random));
    }
    if (transmit_plan.vary_source_port && is_tcp) {
        const __u16 port = bpf_get_prandom_u32();
        tcp->check = updated_checksum(tcp->check, tcp->source, port);
        tcp->source = port;
    } else if (transmit_plan.vary_source_port && is_udp) {
        const __u16 port = bpf_get_prandom_u32();
        udp->check = updated_for_udp(udp->check, updated_checksum(udp->check, udp->source, port));
        udp->source = port;
    }
out:
    return bpf_redirect(transmit_plan.interface_index, 0);
}
