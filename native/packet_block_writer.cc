#include "packet_block_writer.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "capture/packet_block.h"

namespace ringcap {

namespace {

// What a program that drops returns: XDP_DROP of linux/bpf.h, and TC_ACT_SHOT of linux/pkt_cls.h.
constexpr uint64_t tc_act_shot = 2;
constexpr uint64_t xdp_drop = 1;

// All options but the comment, and the longest comment: two numbers of ten digits, words, and a name.
constexpr size_t options_size_max = 8 + 12 + 8 + 16 + 12 + 4 + 4 + 64;
constexpr size_t block_size_fixed = sizeof(packet_block) + sizeof(uint32_t);
constexpr size_t padding_max = 3;
static_assert(block_size_fixed + padding_max + options_size_max <= BLOCK_OVERHEAD_MAX);

// Writes to memory that has room for what is to come.
class BlockWriter {
  public:
    explicit BlockWriter(uint8_t *to) : to_(to) {}

    template <typename Value> void Put(const Value &value) {
        std::memcpy(to_, &value, sizeof(value));
        to_ += sizeof(value);
    }
    // Pads to four bytes with zeros.
    void PutPadded(const void *bytes, size_t length) {
        const size_t padded = PADDED_TO_4(length);
        if (padded != length)
            std::memset(to_ + padded - 4, 0, 4);
        std::memcpy(to_, bytes, length);
        to_ += padded;
    }
    template <typename Value> void PutOption(uint16_t code, const Value &value) {
        static_assert(sizeof(value) % 4 == 0);
        Put(code);
        Put(static_cast<uint16_t>(sizeof(value)));
        Put(value);
    }
    void PutOption(uint16_t code, const void *bytes, size_t length) {
        Put(code);
        Put(static_cast<uint16_t>(length));
        PutPadded(bytes, length);
    }
    uint8_t *end() const {
        return to_;
    }

  private:
    uint8_t *to_;
};

// The name of a process holds whatever bytes it gave itself, and a comment holds UTF-8: of others than ASCII it shows
// that there was one.
void PutProcess(BlockWriter *block, const packet_process &process) {
    char name[COMM_LENGTH + 1] = {};
    std::memcpy(name, process.comm, COMM_LENGTH);
    for (char &character : name) {
        if (static_cast<unsigned char>(character) >= 0x80)
            character = '?';
    }
    char comment[64];
    const int length = std::snprintf(comment, sizeof(comment), "pid %u uid %u %s", process.pid, process.uid, name);
    const uint32_t ids[2] = {process.pid, 0};
    block->PutOption(EPB_PROCESSID_THREADID, ids);
    block->PutOption(OPTION_COMMENT, comment, std::min<size_t>(static_cast<size_t>(length), sizeof(comment) - 1));
}

void PutVerdict(BlockWriter *block, bool at_xdp) {
    uint8_t value[9] = {};
    value[0] = at_xdp ? EPB_VERDICT_XDP : EPB_VERDICT_TC;
    const uint64_t action = at_xdp ? xdp_drop : tc_act_shot;
    std::memcpy(value + 1, &action, sizeof(action));
    block->PutOption(EPB_VERDICT, value, sizeof(value));
}

} // namespace

size_t WriteBlock(uint8_t *to, const BlockPacket &packet, uint32_t id, const BlockInterface &interface, uint32_t unit) {
    const batch_record &record = packet.record;
    BlockWriter block(to);
    const uint64_t time = (uint64_t{record.seconds} * 1000000000 + record.nanoseconds) / unit;
    block.Put(packet_block{.type = ENHANCED_PACKET_BLOCK,
                           .total_length = 0,
                           .interface_id = id,
                           .timestamp_high = static_cast<uint32_t>(time >> 32),
                           .timestamp_low = static_cast<uint32_t>(time),
                           .captured_length = record.captured_length,
                           .original_length = record.original_length});
    block.PutPadded(packet.data, record.captured_length);
    const uint8_t *options = block.end();
    if ((interface.traits & has_directions) != 0)
        block.PutOption(EPB_FLAGS, record.direction == PACKET_DIRECTION_OUT ? uint32_t{EPB_FLAGS_OUTBOUND}
                                                                            : uint32_t{EPB_FLAGS_INBOUND});
    if (record.lost != 0)
        block.PutOption(EPB_DROPCOUNT, uint64_t{record.lost});
    if (record.queue != PACKET_QUEUE_UNKNOWN)
        block.PutOption(EPB_QUEUE, record.queue);
    if (record.is_dropped != 0)
        PutVerdict(&block, (interface.traits & is_xdp) != 0);
    if (packet.process.pid != 0)
        PutProcess(&block, packet.process);
    // The end of the options, where there are any.
    if (block.end() != options)
        block.Put(uint32_t{0});
    const auto length = static_cast<uint32_t>(block.end() - to + sizeof(uint32_t));
    block.Put(length);
    std::memcpy(to + offsetof(packet_block, total_length), &length, sizeof(length));
    return length;
}

} // namespace ringcap
