// The memory of one BPF ring buffer, read in place (kernel: Documentation/bpf/ringbuf.rst, kernel/bpf/ringbuf.c).
#pragma once

#include <napi.h>

#include <cstdint>

namespace ringcap {

class Ring {
  public:
    struct Record {
        const uint8_t *data = nullptr;
        uint32_t length = 0;
    };
    enum class Head {
        none,   // the ring is empty
        busy,   // the producer is still writing the oldest record
        record, // the oldest record can be read
    };

    // Maps the ring behind a map descriptor, which may be closed afterwards. Throws when it is no ring buffer.
    Ring(Napi::Env env, int map_fd);
    ~Ring();
    Ring(Ring &&other) noexcept;
    Ring(const Ring &) = delete;
    Ring &operator=(const Ring &) = delete;
    Ring &operator=(Ring &&) = delete;

    // The oldest record that was not consumed, past discarded ones. Throws when the positions or the length of a record
    // lead outside of the ring: whoever holds the map can write the consumer's position.
    Head Peek(Napi::Env env, Record *record);
    // Consumes the record that Peek gave. The producer sees the room after Release.
    void Consume(const Record &record);
    void Release();

  private:
    void Refresh(Napi::Env env);

    uint8_t *consumer_ = nullptr; // one page: the consumer's position
    uint8_t *producer_ = nullptr; // one page: the producer's position; then the data, mapped twice in a row
    const uint8_t *data_ = nullptr;
    uint64_t position_ = 0;
    uint64_t available_ = 0; // the producer's position when it was last read
    size_t size_ = 0;
    size_t page_size_ = 0;
};

} // namespace ringcap
