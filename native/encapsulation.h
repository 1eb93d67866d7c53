// Packets within packets: tunnels whose inner checksums network cards compute as well.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "network_headers.h"

namespace ringcap {

// Finds the network layer of an inner packet: IPv4 and IPv6 in IP, GRE, and VXLAN and Geneve by their UDP ports.
std::optional<NetworkStart> FindEncapsulated(std::span<const uint8_t> frame, const Network &network);

} // namespace ringcap
