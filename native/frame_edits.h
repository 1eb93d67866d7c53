// Finds the places in a frame to which bpf/transmit/vary.h writes, and writes there on the host.
#pragma once

#include <cstdint>
#include <span>

#include "transmit/transmit.h"

namespace ringcap {

struct Vary {
    bool source_address;
    bool source_port;
};

// Finds the offsets of the source address, the source port and the checksums over them. An offset is 0 where the frame
// has no such field, or where the field was cut off. is_raw_ip says that the frame starts with its IP header.
frame_edits FindEdits(std::span<const uint8_t> frame, bool is_raw_ip, Vary vary);

// Writes random addresses and ports, as the kernel program does.
void ApplyEdits(std::span<uint8_t> frame, const frame_edits &edits);

} // namespace ringcap
