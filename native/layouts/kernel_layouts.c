/* What the kernel's own headers say: the contexts of programs, classic BPF, verdicts and types of packets. */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_packet.h>

#include "lib/tc_actions.h"
#include "layouts.h"

void print_kernel_layouts(void) {
    BEGIN("XDP_CONTEXT", xdp_md);
    FIELD(xdp_md, data);
    FIELD(xdp_md, data_end);
    FIELD(xdp_md, ingress_ifindex);
    END();
    BEGIN("SKB_CONTEXT", __sk_buff);
    FIELD(__sk_buff, len);
    FIELD(__sk_buff, pkt_type);
    FIELD(__sk_buff, mark);
    FIELD(__sk_buff, queue_mapping);
    FIELD(__sk_buff, protocol);
    FIELD(__sk_buff, vlan_present);
    FIELD(__sk_buff, vlan_tci);
    FIELD(__sk_buff, vlan_proto);
    FIELD(__sk_buff, ifindex);
    FIELD(__sk_buff, hash);
    FIELD(__sk_buff, data);
    FIELD(__sk_buff, data_end);
    END();
    BEGIN("CLASSIC_INSTRUCTION", sock_filter);
    FIELD(sock_filter, code);
    FIELD(sock_filter, jt);
    FIELD(sock_filter, jf);
    FIELD(sock_filter, k);
    END();
    CONSTANT(XDP_PASS);
    CONSTANT(TC_NEXT);
    CONSTANT(PACKET_OUTGOING);
}
