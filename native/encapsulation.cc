#include "encapsulation.h"

namespace ringcap {

namespace {

constexpr uint8_t protocol_ipv4 = 4;
constexpr uint8_t protocol_udp = 17;
constexpr uint8_t protocol_ipv6 = 41;
constexpr uint8_t protocol_gre = 47;

constexpr uint16_t ether_type_ipv4 = 0x0800;
constexpr uint16_t ether_type_ipv6 = 0x86dd;
constexpr uint16_t ether_type_bridged = 0x6558; // an Ethernet frame follows
constexpr uint32_t ethernet_type_offset = 12;

// RFC 2784 section 2 and RFC 2890 section 2.
constexpr uint16_t gre_checksum = 0x8000;
constexpr uint16_t gre_key = 0x2000;
constexpr uint16_t gre_sequence_number = 0x1000;
constexpr uint16_t gre_version = 0x0007;

constexpr uint32_t udp_header_length = 8;
constexpr uint16_t vxlan_port = 4789; // RFC 7348 section 8
constexpr uint16_t vxlan_port_of_linux = 8472;
constexpr uint32_t vxlan_header_length = 8;
constexpr uint16_t geneve_port = 6081; // RFC 8926 section 3.3
constexpr uint32_t geneve_header_length = 8;

std::optional<uint16_t> Read16(std::span<const uint8_t> frame, uint64_t offset) {
    if (offset + 2 > frame.size())
        return std::nullopt;
    return static_cast<uint16_t>(frame[offset] << 8 | frame[offset + 1]);
}

std::optional<NetworkStart> BehindType(std::span<const uint8_t> frame, uint64_t offset, uint16_t type) {
    if (type != ether_type_bridged)
        return SkipTags(frame, {static_cast<uint32_t>(offset), type});
    const std::optional<uint16_t> inner = Read16(frame, offset + ethernet_type_offset);
    if (!inner)
        return std::nullopt;
    return SkipTags(frame, {static_cast<uint32_t>(offset + ethernet_type_offset + 2), *inner});
}

std::optional<NetworkStart> BehindGre(std::span<const uint8_t> frame, uint64_t gre) {
    const std::optional<uint16_t> flags = Read16(frame, gre);
    const std::optional<uint16_t> type = Read16(frame, gre + 2);
    if (!flags || !type || (*flags & gre_version) != 0)
        return std::nullopt;
    uint64_t length = 4;
    for (const uint16_t flag : {gre_checksum, gre_key, gre_sequence_number})
        length += (*flags & flag) != 0 ? 4 : 0;
    return BehindType(frame, gre + length, *type);
}

std::optional<NetworkStart> BehindUdp(std::span<const uint8_t> frame, uint64_t udp) {
    const std::optional<uint16_t> port = Read16(frame, udp + 2);
    const uint64_t payload = udp + udp_header_length;
    if (port == vxlan_port || port == vxlan_port_of_linux)
        return BehindType(frame, payload + vxlan_header_length, ether_type_bridged);
    const std::optional<uint16_t> options = Read16(frame, payload);
    const std::optional<uint16_t> type = Read16(frame, payload + 2);
    if (port != geneve_port || !options || !type)
        return std::nullopt;
    // The first byte holds the version and the length of the options in words.
    return BehindType(frame, payload + geneve_header_length + (*options >> 8 & 0x3f) * 4, *type);
}

} // namespace

std::optional<NetworkStart> FindEncapsulated(std::span<const uint8_t> frame, const Network &network) {
    const uint64_t at = network.transport;
    if (at == 0 || network.is_part)
        return std::nullopt;
    switch (network.protocol) {
    case protocol_ipv4:
        return NetworkStart{static_cast<uint32_t>(at), ether_type_ipv4};
    case protocol_ipv6:
        return NetworkStart{static_cast<uint32_t>(at), ether_type_ipv6};
    case protocol_gre:
        return BehindGre(frame, at);
    case protocol_udp:
        return BehindUdp(frame, at);
    default:
        return std::nullopt;
    }
}

} // namespace ringcap
