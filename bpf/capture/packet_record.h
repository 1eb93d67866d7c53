/* SPDX-License-Identifier: (GPL-2.0-only OR MIT) */
/*
 * One captured packet in a ring. Its layout is that of a packet record of a pcap file (draft-ietf-opsawg-pcap section
 * 5) in this machine's byte order, so that a row of records goes into a file as it lies in the ring. The
 * captured_length bytes of the frame as it was on the wire follow this header, without padding.
 */
#ifndef RINGCAP_PACKET_RECORD_H
#define RINGCAP_PACKET_RECORD_H

#include <linux/types.h>

#include "lib/comm.h"
#include "lib/static_assert.h"

enum packet_direction {
    PACKET_DIRECTION_IN = 0,
    PACKET_DIRECTION_OUT = 1,
};

struct packet_record {
    __u32 seconds;         /* since the epoch */
    __u32 fraction;        /* of a second, in the capture's unit of time */
    __u32 captured_length; /* bytes that follow this header */
    __u32 original_length; /* bytes on the wire, restored VLAN tag included */
};

#define PACKET_QUEUE_UNKNOWN 0xffffffff

/* Follows the captured bytes where packets of several interfaces or of both directions meet in one ring. */
struct packet_origin {
    __u32 interface_index;
    __u16 direction;  /* enum packet_direction */
    __u16 is_dropped; /* whether the program kept the packet from going further */
    __u32 queue;      /* of the interface, which XDP alone knows, or PACKET_QUEUE_UNKNOWN */
    __u32 lost; /* packets that matched and were not recorded, since the record before by this program on this CPU */
};

/*
 * Follows the origin where the capture asks for the process of a packet's socket. All fields are 0 where no process is
 * known.
 */
struct packet_process {
    __u32 pid;
    __u32 uid;
    char comm[COMM_LENGTH];
};

#define PACKET_CAPTURED_LENGTH_MAX 262144

RINGCAP_STATIC_ASSERT(sizeof(struct packet_record) == 16);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, seconds) == 0);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, fraction) == 4);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, captured_length) == 8);
RINGCAP_STATIC_ASSERT(__builtin_offsetof(struct packet_record, original_length) == 12);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_origin) == 16);
RINGCAP_STATIC_ASSERT(sizeof(struct packet_process) == 24);

#endif
