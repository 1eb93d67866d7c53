#include "packet_drain.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "arguments.h"
#include "batch_record.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// A producer needs some hundred nanoseconds, unless its CPU is interrupted.
constexpr int producer_spins = 1000;

// Bytes that a caller gets at once: more than lies in a ring when user space is woken in time.
constexpr size_t span_length_max = 2 << 20;

constexpr std::chrono::nanoseconds claim_seen(PACKET_RING_CLAIM_SEEN);

constexpr size_t Padded(size_t length) {
    return (length + 7) / 8 * 8;
}

void Pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

Napi::Object ToObject(Napi::Env env, bool full, bool busy, bool later) {
    Napi::Object result = Napi::Object::New(env);
    result.Set("full", full);
    result.Set("busy", busy);
    result.Set("later", later);
    return result;
}

[[noreturn]] void RefuseRoom(Napi::Env env, const packet_record &record) {
    const std::string length = std::to_string(record.captured_length);
    throw SystemFailure(env, "put a packet of " + length + " bytes into the buffer", ENOBUFS);
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
    with_origin_ = BooleanArgument(info, 2);
    unit_ = UnsignedArgument(info, 3);
    with_process_ = !info[4].IsUndefined() && BooleanArgument(info, 4);
    const Napi::Array maps = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < maps.Length(); i++) {
        const int fd = Descriptor::FdOf(maps.Get(i), DescriptorKind::map);
        lanes_.push_back({.ring = RingReader(info.Env(), fd, with_origin_, with_process_)});
    }
    if (!info[1].IsUndefined())
        wakeups_ = std::make_unique<Ring>(info.Env(), DescriptorArgument(info, 1, DescriptorKind::map));
    heads_.reserve(lanes_.size());
}

// (buffer: Uint8Array): { bytes, records, full, busy, later }
//
// Takes packets into the buffer, laid out as in batch_record.h, as long as it has room. What is not taken stays in the
// rings.
//
// full: some were left for want of room; busy: some may be older than one that is still being written; later: some
// arrived meanwhile.
Napi::Value PacketDrain::Drain(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    if (reinterpret_cast<uintptr_t>(buffer.data()) % alignof(batch_record) != 0)
        throw Napi::RangeError::New(info.Env(), "the buffer is not aligned");
    Begin(info.Env());
    Output output = {.data = buffer.data(), .capacity = buffer.size()};
    const Outcome outcome = Merge(info.Env(), &PacketDrain::AppendBatchRecord, &output);
    Napi::Object result = ToObject(info.Env(), outcome.full, outcome.busy, outcome.later);
    result.Set("bytes", static_cast<double>(output.used));
    result.Set("records", output.records);
    return result;
}

// (buffer: Uint8Array): { ring, offset, bytes, records, full, busy, later }
//
// Takes records in a row, as a pcap file has them. Where one ring alone has some, they stay where they are: `bytes` of
// them from `offset` on of that one of buffers(), to be read until the next call. Otherwise ring is -1, and they are in
// the buffer. Not for rings whose records end with their origin.
Napi::Value PacketDrain::TakeRecords(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    Begin(info.Env());
    if (with_origin_ || with_process_)
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
            // A part of the ring at a time, so that its producer gets room back soon.
            const size_t limit = std::min(lane.ring.size() / 4, span_length_max);
            const RingReader::Span span = lane.ring.ReadSpan(info.Env(), from, lane.safe, limit);
            // The step of the clock between two records may lie in between.
            lane.ring.GenerationAt(span.end.position);
            lane.position = span.end;
            lent_ = &lane;
            lent_span_ = span;
            const bool more = span.end.position != lane.safe.position;
            Napi::Object result = ToObject(info.Env(), more, false, false);
            result.Set("ring", static_cast<double>(&lane - lanes_.data()));
            result.Set("offset", static_cast<double>(span.offset));
            result.Set("bytes", static_cast<double>(span.length));
            result.Set("records", RecordsBetween(from, span.end));
            return result;
        }
    }
    Output output = {.data = buffer.data(), .capacity = buffer.size()};
    const Outcome outcome = Merge(info.Env(), &PacketDrain::AppendPacketRecord, &output);
    Napi::Object result = ToObject(info.Env(), outcome.full, outcome.busy, outcome.later);
    result.Set("ring", -1);
    result.Set("offset", 0);
    result.Set("bytes", static_cast<double>(output.used));
    result.Set("records", output.records);
    return result;
}

// (): number
//
// Passes over all records that are published, and says how many they are. What was taken last stays where it is: this
// is for the end, when there are no producers.
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
// Stamps packets from now on with CLOCK_MONOTONIC plus this, nanoseconds, modulo 2^64. False, and nothing done, while
// the rings still hold packets from before the last change: the order of packets is known over one change only.
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

// What is published now is safe to take as soon as no ring hides an older record.
void PacketDrain::Begin(Napi::Env env) {
    if (closed_)
        throw Napi::Error::New(env, "the drain is closed");
    ReleaseLent();
    // Passes over what woke, so that the kernel finds room to wake again.
    Ring::Record wakeup;
    while (wakeups_ != nullptr && wakeups_->Peek(env, &wakeup) == Ring::Head::record) {
        wakeups_->Consume(wakeup);
        wakeups_->Release();
    }
    for (Lane &lane : lanes_)
        lane.safe = lane.ring.Published();
    begun_ = std::chrono::steady_clock::now();
}

bool PacketDrain::IsFilled(const Lane &lane) {
    return lane.safe.position != lane.position.position;
}

// Returns when every record that is published from here on has a later stamp than those that were published at Begin:
// each ring was seen without a producer, or with another one than then, once the claims of that time could be seen.
// False when a producer takes too long.
bool PacketDrain::AwaitProducers(const Lane *except) {
    bool done = true;
    if (lanes_.size() > 1 && std::any_of(lanes_.begin(), lanes_.end(), IsFilled)) {
        while (std::chrono::steady_clock::now() - begun_ < claim_seen)
            Pause();
    }
    for (Lane &lane : lanes_) {
        if (&lane != except) {
            const uint64_t before = lane.ring.Published().position;
            int spins = 0;
            while (lane.ring.IsClaimed() && lane.ring.Published().position == before && ++spins < producer_spins)
                Pause();
            done = done && spins < producer_spins;
        }
        lane.visible = lane.ring.Published().position;
    }
    return done;
}

PacketDrain::Outcome PacketDrain::Merge(Napi::Env env, Append append, Output *output) {
    Outcome outcome;
    outcome.busy = !AwaitProducers(nullptr);
    heads_.clear();
    for (Lane &lane : lanes_) {
        if (lane.visible == lane.position.position)
            continue;
        outcome.later = true;
        if (outcome.busy)
            continue;
        ReadHead(env, &lane);
        heads_.push_back(&lane);
    }
    if (outcome.busy)
        return outcome;
    outcome.later = false;
    while (!heads_.empty()) {
        const auto by_time = [](const Lane *a, const Lane *b) { return a->time < b->time; };
        std::iter_swap(heads_.begin(), std::min_element(heads_.begin(), heads_.end(), by_time));
        Lane *lane = heads_.front();
        // The rest of the rings bounds how long the oldest one may run on.
        const Lane *next = nullptr;
        for (size_t i = 1; i < heads_.size(); i++) {
            if (next == nullptr || heads_[i]->time < next->time)
                next = heads_[i];
        }
        bool stop = false;
        for (;;) {
            if (lane->position.position == lane->safe.position) {
                outcome.later = stop = true;
                break;
            }
            if (!(this->*append)(env, lane->head, output)) {
                if (output->used == 0)
                    RefuseRoom(env, lane->head.header);
                outcome.full = stop = true;
                break;
            }
            lane->position = {lane->head.next, lane->position.records + 1};
            if (lane->position.position == lane->visible)
                break;
            ReadHead(env, lane);
            if (next != nullptr && next->time < lane->time)
                break;
        }
        lane->ring.Release(lane->position.position);
        if (stop)
            break;
        if (lane->position.position == lane->visible) {
            heads_.front() = heads_.back();
            heads_.pop_back();
        }
    }
    return outcome;
}

void PacketDrain::ReadHead(Napi::Env env, Lane *lane) {
    const uint64_t position = lane->position.position;
    lane->head = lane->ring.Read(env, position, lane->visible);
    lane->time = {lane->ring.GenerationAt(position), lane->head.header.seconds, lane->head.header.fraction};
}

bool PacketDrain::AppendBatchRecord(Napi::Env, const RingReader::Record &record, Output *output) const {
    const size_t length = record.header.captured_length;
    const size_t padded = Padded(sizeof(batch_record) + length);
    const size_t size = padded + (with_process_ ? sizeof(record.process) : 0);
    if (size > output->capacity - output->used)
        return false;
    const batch_record header = {
        .seconds = record.header.seconds,
        .nanoseconds = record.header.fraction * unit_,
        .captured_length = record.header.captured_length,
        .original_length = record.header.original_length,
        .interface_index = record.origin.interface_index,
        .direction = record.origin.direction,
    };
    uint8_t *to = output->data + output->used;
    std::memcpy(to, &header, sizeof(header));
    std::memcpy(to + sizeof(header), record.data, length);
    if (with_process_)
        std::memcpy(to + padded, &record.process, sizeof(record.process));
    output->used += size;
    output->records++;
    return true;
}

bool PacketDrain::AppendPacketRecord(Napi::Env, const RingReader::Record &record, Output *output) const {
    const size_t size = sizeof(record.header) + record.header.captured_length;
    if (size > output->capacity - output->used)
        return false;
    std::memcpy(output->data + output->used, record.data - sizeof(record.header), size);
    output->used += size;
    output->records++;
    return true;
}

void PacketDrain::ReleaseLent() {
    if (lent_ != nullptr)
        lent_->ring.Release(lent_->position.position);
    lent_ = nullptr;
}

// The records that were taken last stay where they are for as long as JavaScript holds a buffer; those of former
// batches read as zeros.
void PacketDrain::Close(const Napi::CallbackInfo &) {
    for (Lane &lane : lanes_)
        lane.ring.Close(&lane == lent_ ? lent_span_ : RingReader::Span());
    lent_ = nullptr;
    lanes_.clear();
    wakeups_.reset();
    closed_ = true;
}

} // namespace ringcap
