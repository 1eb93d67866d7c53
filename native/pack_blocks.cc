// Batches as the enhanced packet blocks of a pcapng file: draft-ietf-opsawg-pcapng section 4.3.
#include <napi.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "addon.h"
#include "arguments.h"
#include "batch_record.h"
#include "checksum_repair.h"
#include "packet_block_writer.h"

namespace ringcap {

namespace {

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
        to += WriteBlock(output.data() + to, {record, data, process}, id, interfaces[id], unit);
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
