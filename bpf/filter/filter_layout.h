/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/* What user space fills in: the filter, and the keys of its address sets. */
#ifndef RINGCAP_FILTER_LAYOUT_H
#define RINGCAP_FILTER_LAYOUT_H

#include <linux/types.h>

#include "lib/static_assert.h"

enum filter_check {
    FILTER_IP_VERSION = 1 << 0,
    FILTER_VLAN = 1 << 1,
    FILTER_PROTOCOLS = 1 << 2,
    FILTER_TCP_FLAGS = 1 << 3,
    FILTER_PORT = 1 << 4,
    FILTER_SOURCE_PORT = 1 << 5,
    FILTER_DESTINATION_PORT = 1 << 6,
    FILTER_HOST = 1 << 7,
    FILTER_SOURCE_HOST = 1 << 8,
    FILTER_DESTINATION_HOST = 1 << 9,
    FILTER_NETWORK = 1 << 10,
    FILTER_SOURCE_NETWORK = 1 << 11,
    FILTER_DESTINATION_NETWORK = 1 << 12,
};

#define FILTER_ANY_PORT (FILTER_PORT | FILTER_SOURCE_PORT | FILTER_DESTINATION_PORT)
#define FILTER_ANY_ADDRESS                                                                                             \
    (FILTER_HOST | FILTER_SOURCE_HOST | FILTER_DESTINATION_HOST | FILTER_NETWORK | FILTER_SOURCE_NETWORK |             \
     FILTER_DESTINATION_NETWORK)
#define FILTER_ANY_TRANSPORT (FILTER_TCP_FLAGS | FILTER_ANY_PORT)

enum port_set { PORT_SET_EITHER, PORT_SET_SOURCE, PORT_SET_DESTINATION, PORT_SETS };

/* Which set of addresses a network_key belongs to. */
enum network_set {
    NETWORK_SET_HOST,
    NETWORK_SET_SOURCE_HOST,
    NETWORK_SET_DESTINATION_HOST,
    NETWORK_SET_NETWORK,
    NETWORK_SET_SOURCE_NETWORK,
    NETWORK_SET_DESTINATION_NETWORK,
};

/* A set of IP protocol numbers, one bit each. */
struct protocol_set {
    __u64 bits[4];
};

struct filter {
    __u32 checks; /* enum filter_check */
    __u16 vlan_id;
    __u8 ip_version; /* 4 or 6 */
    __u8 tcp_flags_mask;
    __u8 tcp_flags_value;
    __u8 reserved[7];
    struct protocol_set protocols;
    __u64 ports[PORT_SETS][1024]; /* bit set of 65,536 ports each */
};

/* Key of the longest-prefix-match trie that holds all six sets; the first four bytes match in full. */
struct network_key {
    __u32 prefix_length; /* bits of set, family, reserved and address that count */
    __u8 set;            /* enum network_set */
    __u8 ip_version;
    __u8 reserved[2];
    __u32 address[4]; /* network byte order; IPv4 uses the first word */
};

#define NETWORK_KEY_TAG_BITS 32

RINGCAP_STATIC_ASSERT(sizeof(struct filter) == 48 + sizeof(__u64) * PORT_SETS * 1024);
RINGCAP_STATIC_ASSERT(sizeof(struct network_key) == 24);

#endif
