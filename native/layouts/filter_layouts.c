/* The filter as data. */
#include "filter/filter_layout.h"
#include "filter/packet.h"
#include "layouts.h"

/* packet.h wants an executor; nothing here runs it. */
static __always_inline bool packet_load(const struct packet *packet, __u32 offset, void *to, __u32 size) {
    (void)packet, (void)offset, (void)to, (void)size;
    return false;
}

void print_filter_layouts(void) {
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
}
