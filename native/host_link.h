// Finds the network layer behind link layers that the kernel programs do not meet.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace ringcap {

enum class LinkFraming {
    ethernet,
    bare_ip,         // IPv4 or IPv6, by its version
    loopback_family, // a protocol family of four bytes
    linux_cooked,    // Linux "cooked" capture, version 1
    linux_cooked_2,  // and version 2
    ieee80211,       // IEEE 802.11 without its check sequence
    radiotap,        // a radiotap header before IEEE 802.11
};

struct NetworkStart {
    uint32_t offset;
    uint16_t ether_type; // host byte order; 0 when there is no network layer that has one
};

// Finds the framing of a LINKTYPE_ number (https://www.tcpdump.org/linktypes.html), or nothing for one that is not
// read.
std::optional<LinkFraming> FramingOf(uint32_t link_type);

// Works for every framing but ethernet and bare_ip.
NetworkStart FindNetwork(LinkFraming framing, std::span<const uint8_t> packet);

} // namespace ringcap
