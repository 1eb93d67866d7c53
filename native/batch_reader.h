// Steps through a batch in the layout of batch_record.h that came from JavaScript, and checks every length.
#pragma once

#include <napi.h>

#include <cstring>
#include <span>

#include "batch_record.h"

namespace ringcap {

class BatchReader {
  public:
    struct Packet {
        batch_record header;
        const uint8_t *data; // header.captured_length bytes
    };

    explicit BatchReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

    // Throws a RangeError when the batch ends inside the packet.
    Packet Next(Napi::Env env) {
        Packet packet = {};
        if (bytes_.size() - offset_ < sizeof(packet.header))
            throw Napi::RangeError::New(env, "the batch ends inside a header");
        std::memcpy(&packet.header, bytes_.data() + offset_, sizeof(packet.header));
        packet.data = bytes_.data() + offset_ + sizeof(packet.header);
        const size_t size = BatchRecordSize(packet.header.captured_length);
        if (bytes_.size() - offset_ < size)
            throw Napi::RangeError::New(env, "the batch ends inside a packet");
        offset_ += size;
        return packet;
    }

  private:
    // Returns the bytes of a header, its captured bytes and their padding.
    static size_t BatchRecordSize(uint32_t captured_length) {
        return (sizeof(batch_record) + static_cast<size_t>(captured_length) + 7) / 8 * 8;
    }

    std::span<const uint8_t> bytes_;
    size_t offset_ = 0;
};

} // namespace ringcap
