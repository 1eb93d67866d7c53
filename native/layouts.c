/* Prints the offsets and constants that user space shares with the C headers, as TypeScript. The build runs it. */
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <stddef.h>
#include <stdio.h>
#include <linux/filter.h>

#include "capture/packet_record.h"
#include "capture/packet_ring.h"
#include "capture/capture_counters.h"
#include "batch_record.h"
#include "filter/filter.h"
#include "lib/tc_actions.h"
#include "transmit/transmit.h"
#include "connections/half_open.h"
#include "capture/program_view.h"
#include "owners/command_launcher.h"

/* filter.h wants an executor; nothing here runs it. */
static __always_inline bool packet_load(const struct packet *packet, __u32 offset, void *to, __u32 size) {
    (void)packet, (void)offset, (void)to, (void)size;
    return false;
}

static __always_inline bool network_set_contains(struct network_key *key) {
    (void)key;
    return false;
}

/* snake_case as camelCase */
static void print_name(const char *name) {
    for (; *name; name++) {
        if (*name == '_' && name[1])
            putchar(*++name - 'a' + 'A');
        else
            putchar(*name);
    }
}

#define BEGIN(constant, type) printf("\nexport const %s = {\n  size: %zu,\n", constant, sizeof(struct type))
#define FIELD(type, field) (printf("  "), print_name(#field), printf(": %zu,\n", offsetof(struct type, field)))
#define END() printf("} as const;\n")
#define CONSTANT(name) printf("export const %s = %lld;\n", #name, (long long)(name))

int main(void) {
    printf("// Printed by native/layouts.c at every build: offsets in bytes into the structures of the C headers.\n");
    BEGIN("PACKET_RECORD", packet_record);
    FIELD(packet_record, seconds);
    FIELD(packet_record, fraction);
    FIELD(packet_record, captured_length);
    FIELD(packet_record, original_length);
    END();
    BEGIN("PACKET_ORIGIN", packet_origin);
    FIELD(packet_origin, interface_index);
    FIELD(packet_origin, direction);
    FIELD(packet_origin, is_dropped);
    FIELD(packet_origin, queue);
    FIELD(packet_origin, lost);
    END();
    BEGIN("PACKET_PROCESS", packet_process);
    FIELD(packet_process, pid);
    FIELD(packet_process, uid);
    FIELD(packet_process, comm);
    END();
    BEGIN("COMMAND_LAUNCHER", command_launcher);
    FIELD(command_launcher, is_launching);
    END();
    BEGIN("VIEW_QUESTION", view_question);
    FIELD(view_question, link_id);
    FIELD(view_question, egress);
    FIELD(view_question, program_id);
    FIELD(view_question, marks);
    END();
    BEGIN("VIEW_CHAIN", view_chain);
    FIELD(view_chain, revision);
    END();
    BEGIN("VIEW_PROGRAM", view_program);
    FIELD(view_program, marks);
    FIELD(view_program, name);
    END();
    BEGIN("PACKET_RING", packet_ring);
    FIELD(packet_ring, consumed);
    FIELD(packet_ring, clock_generation);
    FIELD(packet_ring, claimed);
    FIELD(packet_ring, published);
    FIELD(packet_ring, lap_end);
    FIELD(packet_ring, generation);
    FIELD(packet_ring, stepped_at);
    END();
    BEGIN("BATCH_RECORD", batch_record);
    FIELD(batch_record, seconds);
    FIELD(batch_record, nanoseconds);
    FIELD(batch_record, captured_length);
    FIELD(batch_record, original_length);
    FIELD(batch_record, interface_index);
    FIELD(batch_record, direction);
    FIELD(batch_record, is_dropped);
    FIELD(batch_record, queue);
    FIELD(batch_record, lost);
    FIELD(batch_record, number);
    END();
    BEGIN("CAPTURE_COUNTERS", capture_counters);
    FIELD(capture_counters, seen);
    FIELD(capture_counters, matched);
    FIELD(capture_counters, submitted);
    FIELD(capture_counters, ring_full);
    FIELD(capture_counters, copy_failed);
    FIELD(capture_counters, zero);
    END();
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
    BEGIN("FILTER", filter);
    FIELD(filter, checks);
    FIELD(filter, vlan_id);
    FIELD(filter, ip_version);
    FIELD(filter, tcp_flags_mask);
    FIELD(filter, tcp_flags_value);
    FIELD(filter, protocols);
    FIELD(filter, ports);
    END();
    BEGIN("NETWORK_KEY", network_key);
    FIELD(network_key, prefix_length);
    FIELD(network_key, set);
    FIELD(network_key, ip_version);
    FIELD(network_key, address);
    END();
    BEGIN("CLASSIC_INSTRUCTION", sock_filter);
    FIELD(sock_filter, code);
    FIELD(sock_filter, jt);
    FIELD(sock_filter, jf);
    FIELD(sock_filter, k);
    END();
    BEGIN("TRANSMIT_PLAN", transmit_plan);
    FIELD(transmit_plan, interface_index);
    FIELD(transmit_plan, bytes_size);
    END();
    BEGIN("PROCESS", process);
    FIELD(process, start_time);
    FIELD(process, pid);
    FIELD(process, tid);
    FIELD(process, uid);
    FIELD(process, parent_pid);
    FIELD(process, comm);
    END();
    BEGIN("CONNECTION_RECORD", connection_record);
    FIELD(connection_record, network_namespace);
    FIELD(connection_record, timestamp);
    FIELD(connection_record, started);
    FIELD(connection_record, established);
    FIELD(connection_record, seen);
    FIELD(connection_record, cookie);
    FIELD(connection_record, bytes_sent);
    FIELD(connection_record, bytes_received);
    FIELD(connection_record, process);
    FIELD(connection_record, retransmits);
    FIELD(connection_record, round_trip_time);
    FIELD(connection_record, local_port);
    FIELD(connection_record, remote_port);
    FIELD(connection_record, event);
    FIELD(connection_record, family);
    FIELD(connection_record, role);
    FIELD(connection_record, reason);
    FIELD(connection_record, closed_by);
    FIELD(connection_record, has_owner);
    FIELD(connection_record, local_address);
    FIELD(connection_record, remote_address);
    END();
    BEGIN("PROCESS_RECORD", process_record);
    FIELD(process_record, pid);
    FIELD(process_record, start_time);
    FIELD(process_record, cgroup);
    FIELD(process_record, parent_pid);
    FIELD(process_record, command_line_length);
    FIELD(process_record, parent_comm);
    FIELD(process_record, command_line);
    END();
    BEGIN("LISTENER_RECORD", listener_record);
    FIELD(listener_record, cookie);
    FIELD(listener_record, process);
    FIELD(listener_record, network_namespace);
    FIELD(listener_record, syn_received);
    FIELD(listener_record, accept_queue);
    FIELD(listener_record, accept_queue_limit);
    FIELD(listener_record, drops);
    FIELD(listener_record, port);
    FIELD(listener_record, family);
    FIELD(listener_record, address);
    END();
    BEGIN("CONNECTION_COUNTERS", connection_counters);
    FIELD(connection_counters, opened);
    FIELD(connection_counters, closed);
    FIELD(connection_counters, submitted);
    FIELD(connection_counters, lost_closes);
    FIELD(connection_counters, lost_events);
    FIELD(connection_counters, inserted);
    FIELD(connection_counters, deleted);
    FIELD(connection_counters, not_inserted);
    FIELD(connection_counters, missed);
    END();
    printf("\n");
    CONSTANT(COMM_LENGTH);
    CONSTANT(RECORD_CONNECTION);
    CONSTANT(RECORD_PROCESS);
    CONSTANT(EVENT_ESTABLISHED);
    CONSTANT(EVENT_SYN_SENT);
    CONSTANT(EVENT_SYN_RECEIVED);
    CONSTANT(EVENT_FIN_WAIT_1);
    CONSTANT(EVENT_FIN_WAIT_2);
    CONSTANT(EVENT_CLOSE);
    CONSTANT(EVENT_CLOSE_WAIT);
    CONSTANT(EVENT_LAST_ACK);
    CONSTANT(EVENT_CLOSING);
    CONSTANT(EVENT_ACCEPT);
    CONSTANT(ROLE_CLIENT);
    CONSTANT(ROLE_SERVER);
    CONSTANT(REASON_FIN);
    CONSTANT(REASON_RST);
    CONSTANT(REASON_TIMEOUT);
    CONSTANT(REASON_SYN_UNANSWERED);
    CONSTANT(REASON_REFUSED);
    CONSTANT(REASON_UNREACHABLE);
    CONSTANT(REASON_ERROR);
    CONSTANT(CLOSED_BY_LOCAL);
    CONSTANT(CLOSED_BY_REMOTE);
    CONSTANT(XDP_PASS);
    CONSTANT(TC_NEXT);
    CONSTANT(PACKET_OUTGOING);
    CONSTANT(TRANSMIT_LENGTH_MIN);
    CONSTANT(TRANSMIT_LENGTH_MAX);
    CONSTANT(PACKET_RING_POSITION_BITS);
    CONSTANT(PACKET_RING_DATA);
    CONSTANT(PACKET_RING_OVERRUN);
    CONSTANT(KERNEL_NAME_LENGTH);
    CONSTANT(PACKET_RING_SIZE_MAX);
    CONSTANT(PACKET_QUEUE_UNKNOWN);
    CONSTANT(BLOCK_OVERHEAD_MAX);
    CONSTANT(PACKET_DIRECTION_IN);
    CONSTANT(PACKET_DIRECTION_OUT);
    CONSTANT(LINK_LAYER_ETHERNET);
    CONSTANT(LINK_LAYER_NONE);
    CONSTANT(NETWORK_KEY_TAG_BITS);
    CONSTANT(PORT_SET_EITHER);
    CONSTANT(PORT_SET_SOURCE);
    CONSTANT(PORT_SET_DESTINATION);
    CONSTANT(NETWORK_SET_HOST);
    CONSTANT(NETWORK_SET_SOURCE_HOST);
    CONSTANT(NETWORK_SET_DESTINATION_HOST);
    CONSTANT(NETWORK_SET_NETWORK);
    CONSTANT(NETWORK_SET_SOURCE_NETWORK);
    CONSTANT(NETWORK_SET_DESTINATION_NETWORK);
    CONSTANT(FILTER_IP_VERSION);
    CONSTANT(FILTER_VLAN);
    CONSTANT(FILTER_PROTOCOLS);
    CONSTANT(FILTER_TCP_FLAGS);
    CONSTANT(FILTER_PORT);
    CONSTANT(FILTER_SOURCE_PORT);
    CONSTANT(FILTER_DESTINATION_PORT);
    CONSTANT(FILTER_HOST);
    CONSTANT(FILTER_SOURCE_HOST);
    CONSTANT(FILTER_DESTINATION_HOST);
    CONSTANT(FILTER_NETWORK);
    CONSTANT(FILTER_SOURCE_NETWORK);
    CONSTANT(FILTER_DESTINATION_NETWORK);
    return 0;
}
