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

RingReader::RingReader(Napi::Env env, int map_fd, RecordLayout layout) : layout_(layout) {
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

// Reads a record from its start on. Returns false for lengths that no producer writes. The caller checks that the
// record ends in the ring.
bool RingReader::ReadPlain(Record *record) const {
    std::memcpy(&record->header, record->start, sizeof(record->header));
    record->data = record->start + sizeof(record->header);
    record->length = sizeof(record->header) + record->header.captured_length;
    if (record->header.captured_length > PACKET_CAPTURED_LENGTH_MAX)
        return false;
    if (layout_.with_origin) {
        std::memcpy(&record->origin, record->start + record->length, sizeof(record->origin));
        record->length += sizeof(record->origin);
    }
    if (layout_.with_process) {
        std::memcpy(&record->process, record->start + record->length, sizeof(record->process));
        record->length += sizeof(record->process);
    }
    return true;
}

// Does what ReadPlain does, for a block.
bool RingReader::ReadBlock(Record *record) const {
    packet_block block;
    std::memcpy(&block, record->start, sizeof(block));
    record->header = {block.timestamp_high, block.timestamp_low, block.captured_length, block.original_length};
    record->data = record->start + sizeof(block);
    record->length = block.total_length;
    return block.captured_length <= PACKET_CAPTURED_LENGTH_MAX && block.total_length % 4 == 0 &&
           block.total_length <= PACKET_RING_OVERRUN &&
           block.total_length >= sizeof(block) + block.captured_length + sizeof(block.total_length);
}

RingReader::Record RingReader::Read(Napi::Env env, uint64_t position, uint64_t end) const {
    Record record;
    record.start = data_ + OffsetOf(position);
    if (!(layout_.is_block ? ReadBlock(&record) : ReadPlain(&record)))
        throw SystemFailure(env, "read a packet record from the ring", EPROTO);
    record.next = Behind(position, record.length);
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
        length = static_cast<size_t>(record.start - data_) + record.length - span.offset;
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
