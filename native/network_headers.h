// The walk over a frame from its link layer to its transport header. The frame lies in memory as a whole.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "host_link.h"

namespace ringcap {

// What the headers of one IP packet say. Offsets count from the start of the frame, in bytes.
struct Network {
    bool is_ipv4 = false;
    uint64_t source_address = 0;
    uint64_t destination_address = 0; // the last one, where an IPv6 routing header names those on the way
    uint32_t address_length = 0;      // bytes
    uint8_t protocol = 0;
    uint64_t transport = 0;          // 0: not in this packet, or cut off
    uint64_t end = 0;                // behind the packet; 0: it reaches to the end of the frame (BIG TCP, RFC 2675)
    uint64_t fragment_id = 0;        // of the datagram; 0: the packet has none that is used
    uint32_t fragment_id_length = 0; // bytes
    bool is_part = false;            // a fragment that is not the whole datagram
};

// A transport whose checksum covers the addresses.
struct ChecksummedTransport {
    uint8_t protocol;
    uint16_t checksum_offset;
    bool has_ports;
    bool zero_is_no_checksum;
};

// Finds the network layer behind all VLAN tags.
NetworkStart FindNetworkBehindTags(LinkFraming framing, std::span<const uint8_t> frame);

// Finds the network layer where the link layer's own header ends at `start`.
NetworkStart SkipTags(std::span<const uint8_t> frame, NetworkStart start);

// Returns nothing where the packet is neither IPv4 nor IPv6, or where its header is cut off.
std::optional<Network> ReadNetwork(std::span<const uint8_t> frame, NetworkStart start);

// Returns null for protocols whose checksum does not cover the addresses.
const ChecksummedTransport *TransportOf(const Network &network);

} // namespace ringcap
