#include "packet_drain.h"

#include <algorithm>
#include <cstring>

#include "arguments.h"
#include "batch_record.h"
#include "descriptor.h"

namespace ringcap {

namespace {

// The most bytes that a caller gets at once. A ring holds less when user space is woken in time.
constexpr size_t span_length_max = 2 << 20;

constexpr size_t Padded(size_t length) {
    return (length + 7) / 8 * 8;
}

Napi::Object ToObject(Napi::Env env, size_t bytes, double records, DrainStatus status) {
    Napi::Object result = Napi::Object::New(env);
    result.Set("bytes", static_cast<double>(bytes));
    result.Set("records", records);
    result.Set("status", NameOf(status));
    return result;
}

} // namespace

Napi::Function PacketDrain::Define(Napi::Env env) {
    return DefineClass(
        env, "PacketDrain",
        {InstanceMethod<&PacketDrain::Drain>("drain"), InstanceMethod<&PacketDrain::TakeRecords>("takeRecords"),
         InstanceMethod<&PacketDrain::Skip>("skip"), InstanceMethod<&PacketDrain::Buffers>("buffers"),
         InstanceMethod<&PacketDrain::SetEpochOffset>("setEpochOffset"), InstanceMethod<&PacketDrain::Close>("close")});
}

PacketDrain::PacketDrain(const Napi::CallbackInfo &info) : Napi::ObjectWrap<PacketDrain>(info) {
    if (!info[0].IsArray())
        throw Napi::TypeError::New(info.Env(), "argument 0: expected an array of Descriptors");
    layout_.with_origin = BooleanArgument(info, 2);
    unit_ = UnsignedArgument(info, 3);
    layout_.with_process = !info[4].IsUndefined() && BooleanArgument(info, 4);
    layout_.is_block = !info[5].IsUndefined() && BooleanArgument(info, 5);
    const Napi::Array maps = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < maps.Length(); i++) {
        const int fd = Descriptor::FdOf(maps.Get(i), DescriptorKind::map);
        lanes_.push_back({.ring = RingReader(info.Env(), fd, layout_)});
    }
    if (!info[1].IsUndefined())
        wakeups_ = std::make_unique<Ring>(info.Env(), DescriptorArgument(info, 1, DescriptorKind::map));
    heads_.reserve(lanes_.size());
}

// (buffer: Uint8Array): { bytes, records, status }
//
// Takes packets into the buffer, laid out as in batch_record.h, as long as it has room. What is not taken stays in the
// rings, as the status says (drain_status.h).
Napi::Value PacketDrain::Drain(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    if (layout_.is_block)
        throw Napi::Error::New(info.Env(), "the records are blocks");
    if (reinterpret_cast<uintptr_t>(buffer.data()) % alignof(batch_record) != 0)
        throw Napi::RangeError::New(info.Env(), "the buffer is not aligned");
    Begin(info.Env());
    Output output = {.data = buffer.data(), .capacity = buffer.size()};
    const DrainStatus status = Merge(info.Env(), &PacketDrain::AppendBatchRecord, &output);
    return ToObject(info.Env(), output.used, output.records, status);
}

// (buffer: Uint8Array): { ring, offset, bytes, records, status }
//
// Takes records in a row, as a pcap file has them, or blocks as a pcapng file has them. Where one ring alone has
// records, they stay where they are: the caller reads `bytes` bytes from `offset` on in the buffer of that ring (see
// buffers()) until the next call. Otherwise `ring` is -1, and the records are in `buffer`. This method is not for rings
// whose records end with their origin.
Napi::Value PacketDrain::TakeRecords(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    Begin(info.Env());
    if (layout_.with_origin || layout_.with_process)
        throw Napi::Error::New(info.Env(), "the records are not in a row");
    const auto filled = std::count_if(lanes_.begin(), lanes_.end(), IsFilled);
    if (filled == 1) {
        Lane &lane = *std::find_if(lanes_.begin(), lanes_.end(), IsFilled);
        const bool waited = AwaitProducers(&lane);
        const bool alone = std::all_of(lanes_.begin(), lanes_.end(), [&](const Lane &other) {
            return &other == &lane || other.visible == other.position.position;
        });
        if (waited && alone) {
            const RingMark from = lane.position;
            // The caller gets a part of the ring at a time, so that the producer soon has room again.
            const size_t limit = std::min(lane.ring.size() / 4, span_length_max);
            const RingReader::Span span = lane.ring.ReadSpan(info.Env(), from, lane.safe, limit);
            // A step of the clock may lie between two of the records, and the reader must learn of it.
            lane.ring.GenerationAt(span.end.position);
            lane.position = span.end;
            lent_ = &lane;
            lent_span_ = span;
            const bool more = span.end.position != lane.safe.position;
            Napi::Object result = ToObject(info.Env(), span.length, RecordsBetween(from, span.end),
                                           more ? DrainStatus::no_room : DrainStatus::drained);
            result.Set("ring", static_cast<double>(&lane - lanes_.data()));
            result.Set("offset", static_cast<double>(span.offset));
            return result;
        }
    }
    Output output = {.data = buffer.data(), .capacity = buffer.size()};
    const DrainStatus status = Merge(info.Env(), &PacketDrain::AppendPacketRecord, &output);
    Napi::Object result = ToObject(info.Env(), output.used, output.records, status);
    result.Set("ring", -1);
    result.Set("offset", 0);
    return result;
}

// (): number
//
// Skips all published records and returns their number. The records that were taken last stay where they are. It is
// called at the end, when there are no producers.
Napi::Value PacketDrain::Skip(const Napi::CallbackInfo &info) {
    if (closed_)
        throw Napi::Error::New(info.Env(), "the drain is closed");
    double records = 0;
    for (Lane &lane : lanes_) {
        const RingMark published = lane.ring.Published();
        records += RecordsBetween(lane.position, published);
        lane.position = published;
    }
    return Napi::Number::New(info.Env(), records);
}

// (): ArrayBuffer[], one for each ring
Napi::Value PacketDrain::Buffers(const Napi::CallbackInfo &info) {
    Napi::Array buffers = Napi::Array::New(info.Env(), lanes_.size());
    for (size_t i = 0; i < lanes_.size(); i++)
        buffers.Set(static_cast<uint32_t>(i), lanes_[i].ring.Data(info.Env()));
    return buffers;
}

// (offset: bigint): boolean
//
// Gives the rings a new epoch offset in nanoseconds, modulo 2^64. It does nothing and returns false while the rings
// hold packets from before the last step of the clock, because the order of packets is known over one step only.
Napi::Value PacketDrain::SetEpochOffset(const Napi::CallbackInfo &info) {
    const uint64_t offset = BigIntArgument(info, 0);
    if (closed_)
        throw Napi::Error::New(info.Env(), "the drain is closed");
    for (Lane &lane : lanes_) {
        if (lane.ring.HasFormerGeneration(lane.position.position))
            return Napi::Boolean::New(info.Env(), false);
    }
    for (Lane &lane : lanes_)
        lane.ring.SetEpochOffset(offset);
    return Napi::Boolean::New(info.Env(), true);
}

bool PacketDrain::AppendBatchRecord(Napi::Env, const RingReader::Record &record, Output *output) const {
    const size_t length = record.header.captured_length;
    const size_t padded = Padded(sizeof(batch_record) + length);
    const size_t size = padded + (layout_.with_process ? sizeof(record.process) : 0);
    if (size > output->capacity - output->used)
        return false;
    const batch_record header = {
        .seconds = record.header.seconds,
        .nanoseconds = record.header.fraction * unit_,
        .captured_length = record.header.captured_length,
        .original_length = record.header.original_length,
        .interface_index = record.origin.interface_index,
        .direction = record.origin.direction,
        .is_dropped = record.origin.is_dropped,
        .queue = layout_.with_origin ? record.origin.queue : PACKET_QUEUE_UNKNOWN,
        .lost = record.origin.lost,
        .number = 0,
    };
    uint8_t *to = output->data + output->used;
    std::memcpy(to, &header, sizeof(header));
    std::memcpy(to + sizeof(header), record.data, length);
    if (layout_.with_process)
        std::memcpy(to + padded, &record.process, sizeof(record.process));
    output->used += size;
    output->records++;
    return true;
}

bool PacketDrain::AppendPacketRecord(Napi::Env, const RingReader::Record &record, Output *output) const {
    if (record.length > output->capacity - output->used)
        return false;
    std::memcpy(output->data + output->used, record.start, record.length);
    output->used += record.length;
    output->records++;
    return true;
}

void PacketDrain::ReleaseLent() {
    if (lent_ != nullptr)
        lent_->ring.Release(lent_->position.position);
    lent_ = nullptr;
}

// The records that were taken last stay where they are as long as JavaScript holds a buffer. Those of earlier batches
// read as zeros.
void PacketDrain::Close(const Napi::CallbackInfo &) {
    for (Lane &lane : lanes_)
        lane.ring.Close(&lane == lent_ ? lent_span_ : RingReader::Span());
    lent_ = nullptr;
    lanes_.clear();
    wakeups_.reset();
    closed_ = true;
}

} // namespace ringcap
