// Packets within packets: tunnels whose inner checksums network cards compute as well.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "network_headers.h"

namespace ringcap {

// Where the network layer of the packet within starts: IPv4 and IPv6 in IP, GRE, and by their UDP ports VXLAN and
// Geneve.
std::optional<NetworkStart> FindEncapsulated(std::span<const uint8_t> frame, const Network &network);

} // namespace ringcap
