#include "network_headers.h"

#include "filter/headers.h"

// A frame on the host is linear as a whole.
static __always_inline bool packet_load(const struct packet *, __u32, void *, __u32) {
    return false;
}

namespace ringcap {

namespace {

constexpr uint8_t protocol_dccp = 33;
constexpr uint8_t protocol_icmpv6 = 58;
constexpr uint8_t protocol_udp_lite = 136;

constexpr uint32_t ipv4_more_fragments_or_offset = 0x3fff;
constexpr uint32_t ipv6_more_fragments_or_offset = 0xfff9;

// Types of routing headers that name addresses (RFC 2460 section 4.4, RFC 6275 section 6.4, RFC 8754 section 2).
constexpr uint8_t routing_by_source = 0;
constexpr uint8_t routing_to_mobile = 2;
constexpr uint8_t routing_by_segments = 4;

constexpr ChecksummedTransport checksummed_transports[] = {
    {.protocol = PROTOCOL_TCP, .checksum_offset = 16, .has_ports = true, .zero_is_no_checksum = false},
    {.protocol = PROTOCOL_UDP, .checksum_offset = 6, .has_ports = true, .zero_is_no_checksum = true},
    {.protocol = protocol_udp_lite, .checksum_offset = 6, .has_ports = true, .zero_is_no_checksum = false},
    {.protocol = protocol_dccp, .checksum_offset = 6, .has_ports = true, .zero_is_no_checksum = false},
    {.protocol = protocol_icmpv6, .checksum_offset = 2, .has_ports = false, .zero_is_no_checksum = false},
};

bool Has(std::span<const uint8_t> frame, uint64_t offset, uint64_t size) {
    return offset + size <= frame.size();
}

uint16_t Read16(std::span<const uint8_t> frame, uint64_t offset) {
    return static_cast<uint16_t>(frame[offset] << 8 | frame[offset + 1]);
}

// Finds IPv4 or IPv6 by the version field.
NetworkStart FindBareIp(std::span<const uint8_t> frame) {
    const uint8_t version = frame.empty() ? 0 : frame[0] >> 4;
    if (version == 4)
        return {0, ETHER_TYPE_IPV4};
    return {0, static_cast<uint16_t>(version == 6 ? ETHER_TYPE_IPV6 : 0)};
}

NetworkStart FindBehindEthernet(std::span<const uint8_t> frame) {
    if (!Has(frame, 0, ETHERNET_HEADER_LENGTH))
        return {0, 0};
    return {ETHERNET_HEADER_LENGTH, Read16(frame, ETHERNET_ADDRESSES_LENGTH)};
}

// RFC 791 section 3.1.
Network ReadIpv4(std::span<const uint8_t> frame, uint64_t start) {
    const uint32_t fragment = Read16(frame, start + 6);
    const uint64_t header_length = (frame[start] & 0x0f) * 4;
    const uint64_t total_length = Read16(frame, start + 2);
    Network network = {.is_ipv4 = true,
                       .source_address = start + 12,
                       .destination_address = start + 16,
                       .address_length = 4,
                       .protocol = frame[start + 9]};
    if (total_length != 0)
        network.end = start + total_length;
    network.is_part = (fragment & ipv4_more_fragments_or_offset) != 0;
    if (network.is_part) {
        network.fragment_id = start + 4;
        network.fragment_id_length = 2;
    }
    if ((fragment & IPV4_FRAGMENT_OFFSET_MASK) == 0 && header_length >= IPV4_HEADER_LENGTH_MIN)
        network.transport = start + header_length;
    return network;
}

// Returns the offset of the final destination in a routing header, or 0 where the packet has reached its last address.
uint64_t LastDestination(std::span<const uint8_t> frame, uint64_t routing, uint64_t length) {
    constexpr uint64_t address_length = 16;
    const uint8_t type = frame[routing + 2];
    const uint8_t segments_left = frame[routing + 3];
    if (segments_left == 0 || length < 8 + address_length || !Has(frame, routing, length))
        return 0;
    if (type == routing_by_segments)
        return routing + 8; // the list is in reverse order
    if (type == routing_by_source || type == routing_to_mobile)
        return routing + length - address_length;
    return 0;
}

// Walks all extension headers, however many there are (RFC 8200 section 4). A packet whose headers were not walked
// would keep a wrong checksum.
Network ReadIpv6(std::span<const uint8_t> frame, uint64_t start) {
    const uint64_t payload_length = Read16(frame, start + 4);
    Network network = {.source_address = start + 8,
                       .destination_address = start + 24,
                       .address_length = 16,
                       .protocol = frame[start + 6]};
    uint64_t offset = start + IPV6_HEADER_LENGTH;
    if (payload_length != 0)
        network.end = offset + payload_length;
    while (is_ipv6_extension(network.protocol)) {
        if (!Has(frame, offset, 8))
            return network;
        const uint8_t extension = network.protocol;
        const uint64_t unit = extension == PROTOCOL_AUTHENTICATION ? 4 : 8;
        const uint64_t length = 8 + (extension == PROTOCOL_FRAGMENT ? 0 : frame[offset + 1] * unit);
        network.protocol = frame[offset];
        if (extension == PROTOCOL_FRAGMENT) {
            const uint32_t fragment = Read16(frame, offset + 2);
            network.fragment_id = offset + 4;
            network.fragment_id_length = 4;
            network.is_part = network.is_part || (fragment & ipv6_more_fragments_or_offset) != 0;
            if ((fragment & IPV6_FRAGMENT_OFFSET_MASK) != 0)
                return network;
        }
        if (extension == PROTOCOL_ROUTING) {
            const uint64_t destination = LastDestination(frame, offset, length);
            if (destination != 0)
                network.destination_address = destination;
        }
        offset += length;
    }
    network.transport = offset;
    return network;
}

} // namespace

NetworkStart SkipTags(std::span<const uint8_t> frame, NetworkStart start) {
    while (is_vlan_tag(start.ether_type)) {
        if (!Has(frame, start.offset, VLAN_TAG_LENGTH))
            return {start.offset, 0};
        start = {start.offset + VLAN_TAG_LENGTH, Read16(frame, start.offset + 2)};
    }
    return start;
}

NetworkStart FindNetworkBehindTags(LinkFraming framing, std::span<const uint8_t> frame) {
    switch (framing) {
    case LinkFraming::ethernet:
        return SkipTags(frame, FindBehindEthernet(frame));
    case LinkFraming::bare_ip:
        return FindBareIp(frame);
    default:
        return SkipTags(frame, FindNetwork(framing, frame));
    }
}

std::optional<Network> ReadNetwork(std::span<const uint8_t> frame, NetworkStart start) {
    if (start.ether_type == ETHER_TYPE_IPV4 && Has(frame, start.offset, IPV4_HEADER_LENGTH_MIN))
        return ReadIpv4(frame, start.offset);
    if (start.ether_type == ETHER_TYPE_IPV6 && Has(frame, start.offset, IPV6_HEADER_LENGTH))
        return ReadIpv6(frame, start.offset);
    return std::nullopt;
}

const ChecksummedTransport *TransportOf(const Network &network) {
    for (const ChecksummedTransport &known : checksummed_transports) {
        if (known.protocol != network.protocol)
            continue;
        // ICMPv6 over IPv4 has no pseudo header (RFC 4443 section 2.3 defines the one over IPv6).
        return known.protocol == protocol_icmpv6 && network.is_ipv4 ? nullptr : &known;
    }
    return nullptr;
}

} // namespace ringcap
