/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * What is counted of all packets that match, and shared with user space by mapped memory: totals, and tables of the
 * heaviest keys. Each CPU that was online at the start has a region of its own, and all others share the last one.
 *
 * A table is made of buckets with a few places each. A key belongs to one bucket, by its hash. A key that has a place
 * is counted exactly from then on. A key without a place gets that of the least key in its bucket with a probability of
 * one in the weight of that key plus one (randomised admission: Ben Basat et al., "Randomized Admission Policy for
 * Efficient Top-k and Frequency Estimation", INFOCOM 2017), and inherits the weight. Random keys therefore pass by
 * keys that come often (bench/programs/heavy-keys.c compares this with other ways).
 *
 * Counting goes on in windows. User space increases the number of the window, the program then counts in the other one
 * of two tables, and a bucket forgets an earlier window when it is next counted in.
 *
 * The totals count every packet. By its keys, a CPU counts every packet until the window has had a certain number of
 * them, and from then on one in TRAFFIC_ONE_IN, as so many. It is one packet of each TRAFFIC_ONE_IN that follow one
 * another, at a random place among them, so that no order of packets is favoured, and what is counted of each key is
 * right on average.
 */
#ifndef RINGCAP_TRAFFIC_LAYOUT_H
#define RINGCAP_TRAFFIC_LAYOUT_H

#include <linux/types.h>

#include "lib/static_assert.h"

enum traffic_class {
    TRAFFIC_SYN,          /* SYN without ACK */
    TRAFFIC_SYN_ACK,      /* SYN with ACK */
    TRAFFIC_RST,          /* RST without SYN */
    TRAFFIC_FIN,          /* FIN without SYN and RST */
    TRAFFIC_ACK,          /* ACK without SYN, RST and FIN */
    TRAFFIC_OTHER_TCP,    /* none of these flags, or a header that was cut off before them */
    TRAFFIC_TCP_FRAGMENT, /* a fragment behind the first one, as for the other protocols */
    TRAFFIC_UDP,
    TRAFFIC_UDP_FRAGMENT,
    TRAFFIC_ICMP, /* and ICMPv6 */
    TRAFFIC_ICMP_FRAGMENT,
    TRAFFIC_OTHER, /* other protocols, and all that is no IP */
    TRAFFIC_OTHER_FRAGMENT,
    TRAFFIC_CLASSES = 16,
};

/* A power of two. */
#define TRAFFIC_ONE_IN_BITS 3
#define TRAFFIC_ONE_IN (1 << TRAFFIC_ONE_IN_BITS)

enum traffic_version { TRAFFIC_NO_IP, TRAFFIC_IPV4, TRAFFIC_IPV6, TRAFFIC_VERSIONS };

enum traffic_kind {
    TRAFFIC_SOURCE,
    TRAFFIC_SOURCE_NETWORK, /* /24 of IPv4, /48 of IPv6 */
    TRAFFIC_DESTINATION,
    TRAFFIC_DESTINATION_PORT,
    TRAFFIC_DESTINATION_AND_PORT,
    TRAFFIC_KINDS,
};

/* The totals of a CPU since the start. */
struct traffic_region {
    __u64 window;      /* number of the running window, from 1 on; written by user space */
    __u64 bytes;       /* as on the wire */
    __u64 keyed;       /* packets that keys were looked for in, those that are left out by sampling included */
    __u64 exact_until; /* so many of `keyed` are all counted, and then a part of them; written by user space */
    __u64 packets[TRAFFIC_VERSIONS][TRAFFIC_CLASSES];
    __u64 reserved[12];
};

struct traffic_key {
    __u32 address[4]; /* network byte order; IPv4 uses the first word, keys without an address none */
    __u16 port;       /* host byte order */
    __u8 ip_version;  /* 4 or 6; 0 where there is no address */
    __u8 reserved[5];
};

struct traffic_entry {
    __u64 before; /* `placeless` of the bucket when the key got its place: packets of it that may be missing */
    __u64 bytes;
    __u64 syns;
    struct traffic_key key;
};

#define TRAFFIC_PLACES 4
#define TRAFFIC_BUCKETS 512 /* a power of two */

struct traffic_bucket {
    __u64 changes;                   /* odd while the bucket is changed */
    __u64 window;                    /* that the numbers belong to */
    __u64 placeless;                 /* packets of keys that had no place, or lost it */
    __u64 skipped;                   /* packets that were not counted because another program was changing the bucket */
    __u64 hashes[TRAFFIC_PLACES];    /* 0: the place is free */
    __u64 weights[TRAFFIC_PLACES];   /* packets of the key, and `inherited` */
    __u64 inherited[TRAFFIC_PLACES]; /* weight of the key that had the place before */
    struct traffic_entry entries[TRAFFIC_PLACES];
};

/* There is one for each region, kind that is asked for, and parity of the window, in this order. */
struct traffic_table {
    struct traffic_bucket buckets[TRAFFIC_BUCKETS];
};

RINGCAP_STATIC_ASSERT(sizeof(struct traffic_region) == 512);
RINGCAP_STATIC_ASSERT(sizeof(struct traffic_key) == 24);
RINGCAP_STATIC_ASSERT(sizeof(struct traffic_bucket) == 320);

#endif
