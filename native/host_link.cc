#include "host_link.h"

namespace ringcap {

namespace {

constexpr uint16_t ether_type_ipv4 = 0x0800;
constexpr uint16_t ether_type_ipv6 = 0x86dd;
constexpr NetworkStart nothing = {0, 0};

// IEEE 802.11-2020 clause 9.2: bytes of the header of a data frame without its optional parts.
constexpr uint32_t ieee80211_header_length = 24;
// Bytes of the Ethernet-like header of a subframe: two addresses and a length.
constexpr uint32_t subframe_header_length = 14;

// Bytes of version, padding, length, and the first word of bits that tell which fields follow
// (https://www.radiotap.org).
constexpr uint32_t radiotap_header_length = 8;
constexpr uint32_t radiotap_tsft = 1u << 0;
constexpr uint32_t radiotap_flags = 1u << 1;
constexpr uint32_t radiotap_more_words = 1u << 31;
constexpr uint8_t radiotap_flag_data_pad = 0x20;

uint16_t Read16(std::span<const uint8_t> packet, size_t offset) {
    return static_cast<uint16_t>(packet[offset] << 8 | packet[offset + 1]);
}

uint32_t Read32LittleEndian(std::span<const uint8_t> packet, size_t offset) {
    return packet[offset] | packet[offset + 1] << 8 | packet[offset + 2] << 16 |
           static_cast<uint32_t>(packet[offset + 3]) << 24;
}

// AF_INET is 2 on all systems. AF_INET6 is 10 on Linux, and 24, 28 or 30 on the BSDs and macOS. The byte order is that
// of the capturing host, and every family is below 256.
NetworkStart AfterFamily(std::span<const uint8_t> packet) {
    if (packet.size() < 4)
        return nothing;
    const uint8_t family = packet[0] | packet[3];
    if (packet[1] != 0 || packet[2] != 0)
        return nothing;
    if (family == 2)
        return {4, ether_type_ipv4};
    if (family == 10 || family == 24 || family == 28 || family == 30)
        return {4, ether_type_ipv6};
    return nothing;
}

NetworkStart AfterCooked(std::span<const uint8_t> packet, uint32_t type_offset, uint32_t header_length) {
    if (packet.size() < header_length)
        return nothing;
    return {header_length, Read16(packet, type_offset)};
}

// Reads data frames whose body starts with an LLC header (IEEE 802.2) and a SNAP header with an EtherType (RFC 1042).
// In an A-MSDU (clause 9.3.2.2) it reads the first of its frames. `is_padded` says that the body starts at a multiple
// of four bytes.
NetworkStart AfterIeee80211(std::span<const uint8_t> packet, uint32_t start, bool is_padded) {
    if (packet.size() < start + 2)
        return nothing;
    const uint8_t type_and_subtype = packet[start];
    const uint8_t flags = packet[start + 1];
    const bool is_data = (type_and_subtype & 0x0f) == 0x08; // of protocol version 0
    const bool has_body = (type_and_subtype & 0x40) == 0;
    if (!is_data || !has_body)
        return nothing;
    uint32_t length = ieee80211_header_length;
    if ((flags & 0x03) == 0x03)
        length += 6; // the fourth address, between access points
    bool is_aggregate = false;
    if (type_and_subtype & 0x80) {
        if (packet.size() < start + length + 2)
            return nothing;
        is_aggregate = packet[start + length] & 0x80;
        length += 2; // quality of service
        if (flags & 0x80)
            length += 4; // HT control, which the order bit announces in such frames
    }
    if (is_padded)
        length = (length + 3) & ~3u;
    if (is_aggregate)
        length += subframe_header_length;
    const uint32_t offset = start + length;
    if (packet.size() < offset + 8 || Read16(packet, offset) != 0xaaaa || packet[offset + 2] != 0x03)
        return nothing;
    return {offset + 8, Read16(packet, offset + 6)};
}

// The flags stand behind the words of bits and the time (TSFT), which is aligned to eight bytes.
NetworkStart AfterRadiotap(std::span<const uint8_t> packet) {
    if (packet.size() < radiotap_header_length)
        return nothing;
    const uint32_t length = packet[2] | packet[3] << 8;
    if (length < radiotap_header_length || length > packet.size())
        return nothing;
    const uint32_t first_word = Read32LittleEndian(packet, 4);
    uint32_t offset = radiotap_header_length;
    for (uint32_t word = first_word; word & radiotap_more_words; offset += 4) {
        if (offset + 4 > length)
            return nothing;
        word = Read32LittleEndian(packet, offset);
    }
    if (first_word & radiotap_tsft)
        offset = ((offset + 7) & ~7u) + 8;
    const bool has_flags = (first_word & radiotap_flags) != 0 && offset < length;
    return AfterIeee80211(packet, length, has_flags && (packet[offset] & radiotap_flag_data_pad) != 0);
}

} // namespace

std::optional<LinkFraming> FramingOf(uint32_t link_type) {
    switch (link_type) {
    case 0:   // NULL
    case 108: // LOOP
        return LinkFraming::loopback_family;
    case 1:
        return LinkFraming::ethernet;
    case 101: // RAW, and DLT_RAW of Linux and of OpenBSD, which some files hold instead
    case 12:
    case 14:
    case 228: // IPV4
    case 229: // IPV6
        return LinkFraming::bare_ip;
    case 105:
        return LinkFraming::ieee80211;
    case 113:
        return LinkFraming::linux_cooked;
    case 127:
        return LinkFraming::radiotap;
    case 276:
        return LinkFraming::linux_cooked_2;
    default:
        return std::nullopt;
    }
}

NetworkStart FindNetwork(LinkFraming framing, std::span<const uint8_t> packet) {
    switch (framing) {
    case LinkFraming::loopback_family:
        return AfterFamily(packet);
    case LinkFraming::linux_cooked:
        return AfterCooked(packet, 14, 16);
    case LinkFraming::linux_cooked_2:
        return AfterCooked(packet, 0, 20);
    case LinkFraming::ieee80211:
        return AfterIeee80211(packet, 0, false);
    case LinkFraming::radiotap:
        return AfterRadiotap(packet);
    default:
        return nothing;
    }
}

} // namespace ringcap
