#include "ring_reader.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/mman.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <vector>

#include "failure.h"

namespace ringcap {

namespace {

template <typename Value> Value LoadAcquire(const Value &place) {
    return __atomic_load_n(&place, __ATOMIC_ACQUIRE);
}

RingMark ToMark(uint64_t word) {
    return {word & PACKET_RING_POSITION_MASK, static_cast<uint32_t>(word >> PACKET_RING_POSITION_BITS)};
}

} // namespace

RingReader::Mapping::~Mapping() {
    if (start != nullptr)
        munmap(start, length);
}

RingReader::RingReader(Napi::Env env, int map_fd, bool with_origin, bool with_process)
    : with_origin_(with_origin), with_process_(with_process) {
    struct bpf_map_info info = {};
    __u32 length = sizeof(info);
    if (bpf_obj_get_info_by_fd(map_fd, &info, &length) != 0)
        throw SystemFailure(env, "ask the kernel about a ring", errno);
    const size_t around = PACKET_RING_DATA + PACKET_RING_OVERRUN;
    const bool mappable = info.type == BPF_MAP_TYPE_ARRAY && (info.map_flags & BPF_F_MMAPABLE) != 0;
    if (!mappable || info.max_entries != 1 || info.value_size <= around ||
        !std::has_single_bit(info.value_size - around))
        throw SystemFailure(env, std::string("read the map ") + info.name + ", which is no packet ring", EINVAL);

    size_ = info.value_size - around;
    capacity_ = size_ + PACKET_RING_OVERRUN;
    auto mapping = std::make_shared<Mapping>();
    // The mapping is writable also where only the producer writes, so that JavaScript code that changes a packet in
    // place does not crash the process.
    void *start = mmap(nullptr, info.value_size, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
    if (start == MAP_FAILED)
        throw SystemFailure(env, "map a ring", errno);
    mapping->start = static_cast<uint8_t *>(start);
    mapping->length = info.value_size;
    mapping_ = std::move(mapping);
    ring_ = reinterpret_cast<packet_ring *>(start);
    data_ = mapping_->start + PACKET_RING_DATA;
    former_generation_ = LoadAcquire(ring_->generation);
}

RingMark RingReader::Published() const {
    return ToMark(LoadAcquire(ring_->published));
}

bool RingReader::IsClaimed() const {
    return LoadAcquire(ring_->claimed) != 0;
}

// Computes the position behind a record as publish() of bpf/capture/produce.h does.
uint64_t RingReader::Behind(uint64_t position, size_t length) const {
    if (OffsetOf(position) + length < size_)
        return position + length;
    return ((position | (size_ - 1)) + 1) & PACKET_RING_POSITION_MASK;
}

RingReader::Record RingReader::Read(Napi::Env env, uint64_t position, uint64_t end) const {
    Record record;
    const uint8_t *at = data_ + OffsetOf(position);
    std::memcpy(&record.header, at, sizeof(record.header));
    record.data = at + sizeof(record.header);
    const size_t captured_length = record.header.captured_length;
    if (captured_length > PACKET_CAPTURED_LENGTH_MAX)
        throw SystemFailure(env, "read a packet record from the ring", EPROTO);
    size_t length = sizeof(record.header) + captured_length;
    if (with_origin_) {
        std::memcpy(&record.origin, at + length, sizeof(record.origin));
        length += sizeof(record.origin);
    }
    if (with_process_) {
        std::memcpy(&record.process, at + length, sizeof(record.process));
        length += sizeof(record.process);
    }
    record.next = Behind(position, length);
    const uint64_t available = RingDistance(position, end);
    if (available > size_ || RingDistance(position, record.next) > available)
        throw SystemFailure(env, "read a packet record from the ring", EPROTO);
    return record;
}

RingReader::Span RingReader::ReadSpan(Napi::Env env, const RingMark &from, const RingMark &end, size_t limit) const {
    Span span;
    span.offset = OffsetOf(from.position);
    if (RingDistance(from.position, end.position) > size_)
        throw SystemFailure(env, "read a ring whose positions were changed", EPROTO);
    const uint64_t lap_after = ((from.position | (size_ - 1)) + 1) & PACKET_RING_POSITION_MASK;
    size_t span_end = OffsetOf(end.position);
    span.end = end;
    if (RingDistance(from.position, end.position) >= RingDistance(from.position, lap_after)) {
        const RingMark lap_end = ToMark(LoadAcquire(ring_->lap_end));
        span_end = lap_end.position;
        span.end = {lap_after, lap_end.records};
    }
    if (span_end < span.offset || span_end > capacity_)
        throw SystemFailure(env, "read a ring whose positions were changed", EPROTO);
    span.length = span_end - span.offset;
    if (span.length <= limit)
        return span;

    RingMark cut = from;
    size_t length = 0;
    while (length < limit) {
        const Record record = Read(env, cut.position, span.end.position);
        length = static_cast<size_t>(record.data - data_) + record.header.captured_length - span.offset + TrailerSize();
        cut = {record.next, (cut.records + 1) & packet_ring_records_mask};
    }
    return {span.offset, length, cut};
}

void RingReader::Release(uint64_t position) {
    __atomic_store_n(&ring_->consumed, position, __ATOMIC_RELEASE);
}

// The producer notes where a generation begins before it publishes the first record of it. The ring can hold records of
// that generation and of the generation before it, and of no other.
uint64_t RingReader::GenerationAt(uint64_t position) {
    const uint64_t latest = LoadAcquire(ring_->generation);
    if (latest == former_generation_)
        return latest;
    const uint64_t until = RingDistance(position, LoadAcquire(ring_->stepped_at));
    if (until != 0 && until <= size_)
        return former_generation_;
    former_generation_ = latest;
    return latest;
}

bool RingReader::HasFormerGeneration(uint64_t position) {
    const uint64_t latest = LoadAcquire(ring_->generation);
    return latest != former_generation_ && GenerationAt(position) != latest;
}

void RingReader::SetEpochOffset(uint64_t offset) {
    __atomic_store_n(&ring_->epoch_offset, offset, __ATOMIC_RELAXED);
    __atomic_store_n(&ring_->clock_generation, ring_->clock_generation + 1, __ATOMIC_RELEASE);
}

Napi::ArrayBuffer RingReader::Data(Napi::Env env) const {
    auto *held = new std::shared_ptr<Mapping>(mapping_);
    return Napi::ArrayBuffer::New(
        env, data_, capacity_, [](Napi::Env, void *, std::shared_ptr<Mapping> *hint) { delete hint; }, held);
}

void RingReader::Close(const Span &kept) {
    const std::vector<uint8_t> bytes(data_ + kept.offset, data_ + kept.offset + kept.length);
    // The kernel charges nobody for private memory that is only read, so this cannot fail for want of memory.
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    if (mmap(mapping_->start, mapping_->length, PROT_READ, flags, -1, 0) == MAP_FAILED)
        return;
    // Where the kernel refuses this, nothing is kept.
    if (mprotect(mapping_->start, mapping_->length, PROT_READ | PROT_WRITE) == 0)
        std::memcpy(data_ + kept.offset, bytes.data(), bytes.size());
}

} // namespace ringcap
