// One packet as an enhanced packet block of a pcapng file: draft-ietf-opsawg-pcapng section 4.3.
#pragma once

#include <cstddef>
#include <cstdint>

#include "batch_record.h"

namespace ringcap {

// Traits of an interface, of src/native/pack-blocks.ts.
constexpr uint32_t is_xdp = 1;
constexpr uint32_t has_directions = 2;

// An interface description of the file, as the caller has it in words of 32 bits; its place in the list is its id.
struct BlockInterface {
    uint32_t interface_index;
    uint32_t traits;
    uint32_t link_type;
};

struct BlockPacket {
    const batch_record &record;
    const uint8_t *data;           // record.captured_length bytes
    const packet_process &process; // its pid is 0 where no process is known
};

// Writes the block to memory that has room for the captured bytes and BLOCK_OVERHEAD_MAX more. Returns its length.
// `id` is the place of the interface in the file, and `unit` the nanoseconds of the unit of time.
size_t WriteBlock(uint8_t *to, const BlockPacket &packet, uint32_t id, const BlockInterface &interface, uint32_t unit);

} // namespace ringcap
