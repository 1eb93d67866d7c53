// Finds in a frame what bpf/transmit/vary.h writes to, and writes to it on the host.
#pragma once

#include <cstdint>
#include <span>

#include "transmit/transmit.h"

namespace ringcap {

struct Vary {
    bool source_address;
    bool source_port;
};

// Where the frame has its source address and port and the checksums over them. What it does not have, or what was cut
// off, is 0. is_raw_ip: it starts with its IP header.
frame_edits FindEdits(std::span<const uint8_t> frame, bool is_raw_ip, Vary vary);

// Writes random addresses and ports, as the kernel program does.
void ApplyEdits(std::span<uint8_t> frame, const frame_edits &edits);

} // namespace ringcap
