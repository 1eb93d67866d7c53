// The consumer's side of bpf/capture/packet_ring.h: one ring of packet records, read in place.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

#include "capture/packet_block.h"
#include "capture/packet_ring.h"

namespace ringcap {

// A mark: a position between two records, and the number of records before it, modulo 2^28.
struct RingMark {
    uint64_t position = 0;
    uint32_t records = 0;
};

// How records lie in a ring: as a packet_record with what may follow it, or as a packet_block with its options.
struct RecordLayout {
    bool with_origin = false;
    bool with_process = false;
    bool is_block = false;
};

class RingReader {
  public:
    struct Record {
        // Of a block, seconds and fraction are the two halves of its time.
        packet_record header = {};
        packet_origin origin = {};
        packet_process process = {};
        const uint8_t *start = nullptr;
        const uint8_t *data = nullptr; // header.captured_length bytes
        size_t length = 0;             // bytes from start on, with all that follows the data
        uint64_t next = 0;             // position behind the record
    };
    // A piece of the ring that holds whole records.
    struct Span {
        size_t offset = 0; // into the data
        size_t length = 0;
        RingMark end;
    };

    // Maps the ring behind a map descriptor, which may be closed afterwards. Throws when the map is no packet ring.
    RingReader(Napi::Env env, int map_fd, RecordLayout layout);

    // The mark behind the last published record.
    RingMark Published() const;
    // Whether the producer is writing a record.
    bool IsClaimed() const;
    // Reads the record at a position that is not `end`. Throws where the record does not end at `end` or before.
    Record Read(Napi::Env env, uint64_t position, uint64_t end) const;
    // The records from `from` on, up to the end of the lap or `end`: at most `limit` bytes, but at least one record. It
    // looks at records only where `limit` cuts.
    Span ReadSpan(Napi::Env env, const RingMark &from, const RingMark &end, size_t limit) const;
    // Gives the room of all records before the position to the producer.
    void Release(uint64_t position);

    // Returns the generation of the record at a position.
    uint64_t GenerationAt(uint64_t position);
    // Begins a new generation with this epoch offset in nanoseconds. It may not be called while HasFormerGeneration is
    // true.
    void SetEpochOffset(uint64_t offset);
    bool HasFormerGeneration(uint64_t position);

    size_t size() const {
        return size_;
    }
    // The memory from which Span::offset counts.
    Napi::ArrayBuffer Data(Napi::Env env) const;
    // Gives the memory back, except for a copy of a span at its old place. No other method may be called afterwards.
    void Close(const Span &kept);

  private:
    // The reader and the buffers that Data returned own the mapping, and its addresses stay reserved until all of them
    // are gone. Where nothing was kept, JavaScript and the threads to which it gave the bytes read zeros after Close.
    struct Mapping {
        uint8_t *start = nullptr;
        size_t length = 0;
        ~Mapping();
    };

    size_t OffsetOf(uint64_t position) const {
        return position & (size_ - 1);
    }
    uint64_t Behind(uint64_t position, size_t length) const;
    bool ReadPlain(Record *record) const;
    bool ReadBlock(Record *record) const;

    std::shared_ptr<Mapping> mapping_;
    packet_ring *ring_ = nullptr;
    uint8_t *data_ = nullptr;
    size_t size_ = 0;
    size_t capacity_ = 0; // with what lies behind the end of a lap
    RecordLayout layout_;
    uint64_t former_generation_ = 0;
};

// The number of bytes from one position to another.
inline uint64_t RingDistance(uint64_t from, uint64_t to) {
    return (to - from) & PACKET_RING_POSITION_MASK;
}

constexpr uint32_t packet_ring_records_mask = (1U << (64 - PACKET_RING_POSITION_BITS)) - 1;

inline uint32_t RecordsBetween(const RingMark &from, const RingMark &to) {
    return (to.records - from.records) & packet_ring_records_mask;
}

} // namespace ringcap
