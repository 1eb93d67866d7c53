#include "frame_edits.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "headers.h"
#include "vary.h"

// A frame on the host is linear in whole.
static __always_inline bool packet_load(const struct packet *, __u32, void *, __u32) {
    return false;
}

static __always_inline __u32 vary_random(void) {
    static thread_local std::mt19937 random(std::random_device{}());
    return random();
}

namespace ringcap {

namespace {

constexpr uint8_t protocol_icmpv6 = 58;
constexpr uint8_t protocol_dccp = 33;
constexpr uint8_t protocol_udp_lite = 136;

constexpr uint16_t ipv4_source_offset = 12;
constexpr uint16_t ipv4_checksum_offset = 10;
constexpr uint16_t ipv4_more_fragments_or_offset = 0x3fff;
constexpr uint16_t ipv6_source_offset = 8;

// A transport whose checksum covers the addresses.
struct ChecksummedTransport {
    uint8_t protocol;
    uint16_t checksum_offset;
    bool has_ports;
    bool zero_is_no_checksum;
};

constexpr ChecksummedTransport checksummed_transports[] = {
    {.protocol = PROTOCOL_TCP, .checksum_offset = 16, .has_ports = true, .zero_is_no_checksum = false},
    {.protocol = PROTOCOL_UDP, .checksum_offset = 6, .has_ports = true, .zero_is_no_checksum = true},
    {.protocol = protocol_udp_lite, .checksum_offset = 6, .has_ports = true, .zero_is_no_checksum = false},
    {.protocol = protocol_dccp, .checksum_offset = 6, .has_ports = true, .zero_is_no_checksum = false},
    {.protocol = protocol_icmpv6, .checksum_offset = 2, .has_ports = false, .zero_is_no_checksum = false},
};

struct FrameBytes {
    std::span<const uint8_t> bytes;

    bool Has(uint64_t offset, uint64_t size) const {
        return offset + size <= bytes.size();
    }
    uint32_t Hash(uint64_t offset, uint64_t size, uint32_t hash) const {
        for (uint64_t i = 0; i < size; i++)
            hash = (hash ^ bytes[offset + i]) * 16777619; // FNV-1a
        return hash;
    }
};

// What all fragments of a datagram have in common; never 0.
uint32_t SeedOf(const FrameBytes &frame, uint64_t addresses, uint64_t addresses_size, uint64_t id, uint64_t id_size) {
    constexpr uint32_t fnv_offset_basis = 2166136261;
    const uint32_t hash = frame.Hash(id, id_size, frame.Hash(addresses, addresses_size, fnv_offset_basis));
    return hash == 0 ? 1 : hash;
}

// What a network header says of what follows it.
struct Network {
    uint64_t transport = 0; // offset; 0: not in this packet, or cut off
    uint8_t protocol = 0;
    uint32_t fragment_seed = 0; // 0: no fragment
};

Network ReadIpv4(const FrameBytes &frame, uint64_t start) {
    const uint32_t fragment = frame.bytes[start + 6] << 8 | frame.bytes[start + 7];
    const uint64_t header_length = (frame.bytes[start] & 0x0f) * 4;
    Network network = {.protocol = frame.bytes[start + 9]};
    if ((fragment & ipv4_more_fragments_or_offset) != 0)
        network.fragment_seed = SeedOf(frame, start + ipv4_source_offset, 8, start + 4, 2);
    if ((fragment & IPV4_FRAGMENT_OFFSET_MASK) == 0 && header_length >= IPV4_HEADER_LENGTH_MIN)
        network.transport = start + header_length;
    return network;
}

// All extension headers, however many: what is not walked would keep a wrong checksum.
Network ReadIpv6(const FrameBytes &frame, uint64_t start) {
    Network network = {.protocol = frame.bytes[start + 6]};
    uint64_t offset = start + IPV6_HEADER_LENGTH;
    while (is_ipv6_extension(network.protocol)) {
        if (!frame.Has(offset, 8))
            return network;
        const bool is_fragment = network.protocol == PROTOCOL_FRAGMENT;
        const uint64_t length = is_fragment ? 0 : frame.bytes[offset + 1];
        const uint64_t unit = network.protocol == PROTOCOL_AUTHENTICATION ? 4 : 8;
        network.protocol = frame.bytes[offset];
        if (is_fragment) {
            const uint32_t fragment = frame.bytes[offset + 2] << 8 | frame.bytes[offset + 3];
            network.fragment_seed = SeedOf(frame, start + ipv6_source_offset, 32, offset + 4, 4);
            if ((fragment & IPV6_FRAGMENT_OFFSET_MASK) != 0)
                return network;
        }
        offset += length * unit + 8;
    }
    network.transport = offset;
    return network;
}

// The packet of headers.h over the frame.
struct packet PacketOf(std::span<const uint8_t> frame, bool is_raw_ip) {
    struct packet packet = {};
    packet.data = frame.data();
    packet.data_end = frame.data() + frame.size();
    packet.link_layer = is_raw_ip ? LINK_LAYER_NONE : LINK_LAYER_ETHERNET;
    return packet;
}

} // namespace

frame_edits FindEdits(std::span<const uint8_t> bytes, bool is_raw_ip, Vary vary) {
    const FrameBytes frame = {bytes.first(std::min<size_t>(bytes.size(), PACKET_OFFSET_MAX))};
    const struct packet packet = PacketOf(frame.bytes, is_raw_ip);
    struct link_headers link = {};
    frame_edits edits = {};

    read_link_layer(&packet, &link);
    const uint64_t start = link.network_offset;
    const bool is_ipv4 = link.ether_type == ETHER_TYPE_IPV4 && frame.Has(start, IPV4_HEADER_LENGTH_MIN);
    const bool is_ipv6 = link.ether_type == ETHER_TYPE_IPV6 && frame.Has(start, IPV6_HEADER_LENGTH);
    if (!is_ipv4 && !is_ipv6)
        return edits;
    const Network network = is_ipv4 ? ReadIpv4(frame, start) : ReadIpv6(frame, start);
    if (vary.source_address) {
        edits.address_seed = network.fragment_seed;
        edits.source_address = start + (is_ipv4 ? ipv4_source_offset : ipv6_source_offset);
        edits.address_length = is_ipv4 ? 4 : 16;
        edits.header_checksum = is_ipv4 ? start + ipv4_checksum_offset : 0;
    }
    for (const ChecksummedTransport &known : checksummed_transports) {
        if (network.transport == 0 || known.protocol != network.protocol ||
            !frame.Has(network.transport + known.checksum_offset, 2))
            continue;
        // Over IPv4 there is no pseudo header under that number (RFC 4443 section 2.3 is of IPv6).
        if (known.protocol == protocol_icmpv6 && is_ipv4)
            continue;
        if (vary.source_port && known.has_ports)
            edits.source_port = network.transport;
        edits.transport_checksum = network.transport + known.checksum_offset;
        edits.zero_is_no_checksum = known.zero_is_no_checksum;
    }
    return edits;
}

void ApplyEdits(std::span<uint8_t> frame, const frame_edits &edits) {
    vary_frame(frame.data(), frame.data() + frame.size(), &edits);
}

} // namespace ringcap
