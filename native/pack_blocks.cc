// Batches as the enhanced packet blocks of a pcapng file: draft-ietf-opsawg-pcapng section 4.3.
#include <napi.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "addon.h"
#include "arguments.h"
#include "batch_record.h"
#include "checksum_repair.h"

namespace ringcap {

namespace {

constexpr uint32_t enhanced_packet = 6;

constexpr uint16_t opt_comment = 1;
constexpr uint16_t epb_flags = 2;
constexpr uint16_t epb_dropcount = 4;
constexpr uint16_t epb_queue = 6;
constexpr uint16_t epb_verdict = 7;
constexpr uint16_t epb_processid_threadid = 8;

constexpr uint32_t flags_inbound = 1;
constexpr uint32_t flags_outbound = 2;

// What a program that drops returns: XDP_DROP of linux/bpf.h, and TC_ACT_SHOT of linux/pkt_cls.h.
constexpr uint8_t verdict_tc = 1;
constexpr uint8_t verdict_xdp = 2;
constexpr uint64_t tc_act_shot = 2;
constexpr uint64_t xdp_drop = 1;

// All options but the comment, and the longest comment: two numbers of ten digits, words, and a name.
constexpr size_t options_size_max = 8 + 12 + 8 + 16 + 12 + 4 + 4 + 64;
constexpr size_t block_size_fixed = 32;
constexpr size_t padding_max = 3;
static_assert(block_size_fixed + padding_max + options_size_max <= BLOCK_OVERHEAD_MAX);

// Of src/native/pack-blocks.ts.
constexpr uint32_t is_xdp = 1;
constexpr uint32_t has_directions = 2;

// An interface description of the file, as the caller has it in words of 32 bits; its place in the list is its id.
struct BlockInterface {
    uint32_t interface_index;
    uint32_t traits;
    uint32_t link_type;
};

struct BlockHeader {
    uint32_t type;
    uint32_t total_length;
    uint32_t interface_id;
    uint32_t timestamp_high;
    uint32_t timestamp_low;
    uint32_t captured_length;
    uint32_t original_length;
};

constexpr size_t Padded4(size_t length) {
    return (length + 3) / 4 * 4;
}

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
        const size_t padded = Padded4(length);
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
    block->PutOption(epb_processid_threadid, ids);
    block->PutOption(opt_comment, comment, std::min<size_t>(static_cast<size_t>(length), sizeof(comment) - 1));
}

void PutVerdict(BlockWriter *block, bool at_xdp) {
    uint8_t value[9] = {at_xdp ? verdict_xdp : verdict_tc};
    const uint64_t action = at_xdp ? xdp_drop : tc_act_shot;
    std::memcpy(value + 1, &action, sizeof(action));
    block->PutOption(epb_verdict, value, sizeof(value));
}

// Which of the interfaces packets are of. Neighbours are mostly of the same one.
class InterfaceTable {
  public:
    explicit InterfaceTable(std::span<const BlockInterface> interfaces) : interfaces_(interfaces) {}

    uint32_t IdOf(Napi::Env env, uint32_t interface_index) {
        if (last_ < interfaces_.size() && interfaces_[last_].interface_index == interface_index)
            return last_;
        const auto has_index = [&](const BlockInterface &one) { return one.interface_index == interface_index; };
        const auto found = std::find_if(interfaces_.begin(), interfaces_.end(), has_index);
        if (found == interfaces_.end())
            throw Napi::RangeError::New(env, "a packet of an interface that the file does not describe");
        return last_ = static_cast<uint32_t>(found - interfaces_.begin());
    }

  private:
    std::span<const BlockInterface> interfaces_;
    uint32_t last_ = 0;
};

void PutBlock(BlockWriter *block, const batch_record &record, const uint8_t *data, const packet_process *process,
              uint32_t id, const BlockInterface &interface, uint32_t unit) {
    const uint8_t *start = block->end();
    const uint64_t time = (uint64_t{record.seconds} * 1000000000 + record.nanoseconds) / unit;
    BlockHeader header = {enhanced_packet,
                          0,
                          id,
                          static_cast<uint32_t>(time >> 32),
                          static_cast<uint32_t>(time),
                          record.captured_length,
                          record.original_length};
    block->Put(header);
    block->PutPadded(data, record.captured_length);
    const uint8_t *options = block->end();
    if ((interface.traits & has_directions) != 0)
        block->PutOption(epb_flags, record.direction == PACKET_DIRECTION_OUT ? flags_outbound : flags_inbound);
    if (record.lost != 0)
        block->PutOption(epb_dropcount, uint64_t{record.lost});
    if (record.queue != PACKET_QUEUE_UNKNOWN)
        block->PutOption(epb_queue, record.queue);
    if (record.is_dropped != 0)
        PutVerdict(block, (interface.traits & is_xdp) != 0);
    if (process != nullptr && process->pid != 0)
        PutProcess(block, *process);
    // The end of the options, where there are any.
    if (block->end() != options)
        block->Put(uint32_t{0});
    const auto length = static_cast<uint32_t>(block->end() - start + sizeof(uint32_t));
    block->Put(length);
    std::memcpy(block->end() - length + offsetof(BlockHeader, total_length), &length, sizeof(length));
}

std::span<uint32_t> WordsArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsTypedArray() || info[index].As<Napi::TypedArray>().TypedArrayType() != napi_uint32_array)
        throw Napi::TypeError::New(info.Env(), "expected a Uint32Array");
    Napi::Uint32Array words = info[index].As<Napi::Uint32Array>();
    return {words.Data(), words.ElementLength()};
}

// (batch, count, output, trailer, interfaces, counts, unit, repair): { bytes, completed, cut }
//
// Lays each packet of a batch out as a block of this machine's byte order. trailer: 0, or the
// size of the packet_process behind each packet; interfaces: three words for each that the file describes (struct
// BlockInterface); counts: for each the packets that were laid out, which are added; unit: nanoseconds
// of the unit of time; repair: whether checksums are completed, of so many packets, and of others cannot be.
Napi::Value PackBlocks(const Napi::CallbackInfo &info) {
    const Napi::Env env = info.Env();
    const std::span<uint8_t> batch = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const std::span<uint8_t> output = BytesArgument(info, 2);
    const size_t trailer = UnsignedArgument(info, 3);
    const std::span<const uint32_t> words = WordsArgument(info, 4);
    const std::span<uint32_t> counts = WordsArgument(info, 5);
    const uint32_t unit = UnsignedArgument(info, 6);
    const bool repair = BooleanArgument(info, 7);
    const std::span<const BlockInterface> interfaces(reinterpret_cast<const BlockInterface *>(words.data()),
                                                     words.size() * sizeof(uint32_t) / sizeof(BlockInterface));
    if (unit == 0)
        throw Napi::RangeError::New(env, "the unit of time is 0 ns");
    if (counts.size() < interfaces.size() || (trailer != 0 && trailer != sizeof(packet_process)))
        throw Napi::RangeError::New(env, "there is not a count for each interface, or a trailer of an unknown length");

    InterfaceTable table(interfaces);
    uint32_t outcomes[] = {0, 0, 0};
    size_t from = 0;
    size_t to = 0;
    for (uint32_t i = 0; i < count; i++) {
        batch_record record;
        if (batch.size() - from < sizeof(record))
            throw Napi::RangeError::New(env, "the batch ends before its last record");
        std::memcpy(&record, batch.data() + from, sizeof(record));
        from += sizeof(record);
        uint8_t *data = batch.data() + from;
        const size_t length = record.captured_length;
        const size_t padded = (length + 7) / 8 * 8;
        if (batch.size() - from < length || (trailer != 0 && batch.size() - from < padded + trailer) ||
            output.size() - to < BLOCK_OVERHEAD_MAX + length)
            throw Napi::RangeError::New(env, "a record is longer than its batch or the room for it");
        packet_process process = {};
        if (trailer != 0)
            std::memcpy(&process, data + padded, sizeof(process));
        const uint32_t id = table.IdOf(env, record.interface_index);
        if (repair) {
            if (const auto framing = FramingOf(interfaces[id].link_type))
                outcomes[static_cast<size_t>(
                    CompletePacketChecksums({data, length}, record.original_length, *framing))]++;
        }
        BlockWriter block(output.data() + to);
        PutBlock(&block, record, data, trailer != 0 ? &process : nullptr, id, interfaces[id], unit);
        to = static_cast<size_t>(block.end() - output.data());
        counts[id]++;
        // The padding of the last record may be missing.
        from = std::min(batch.size(), from + padded + trailer);
    }
    Napi::Object result = Napi::Object::New(env);
    result.Set("bytes", static_cast<double>(to));
    result.Set("completed", outcomes[static_cast<size_t>(ChecksumOutcome::completed)]);
    result.Set("cut", outcomes[static_cast<size_t>(ChecksumOutcome::cut)]);
    return result;
}

} // namespace

void DefinePackBlocksFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("packBlocks", Napi::Function::New<PackBlocks>(env, "packBlocks"));
}

} // namespace ringcap
