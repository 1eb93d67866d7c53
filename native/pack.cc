// Batches without what only the merging needed: records in a row, as capture files have them.
#include <napi.h>

#include <algorithm>
#include <cstring>

#include "addon.h"
#include "arguments.h"
#include "batch_record.h"

namespace ringcap {

namespace {

struct PackedHeader {
    uint32_t seconds;
    uint32_t fraction;
    uint32_t captured_length;
    uint32_t original_length;
};

// (batch, count, output, unit): bytes of the output that were filled. Each record becomes its seconds, the rest of its
// time in units of so many nanoseconds, both lengths and the captured bytes, without padding. The output needs no more
// room than the batch.
Napi::Value PackRecords(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> batch = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const std::span<uint8_t> output = BytesArgument(info, 2);
    const uint32_t unit = UnsignedArgument(info, 3);
    if (unit == 0)
        throw Napi::RangeError::New(info.Env(), "the unit of time is 0 ns");

    size_t from = 0;
    size_t to = 0;
    for (uint32_t i = 0; i < count; i++) {
        batch_record record;
        if (batch.size() - from < sizeof(record))
            throw Napi::RangeError::New(info.Env(), "the batch ends before its last record");
        std::memcpy(&record, batch.data() + from, sizeof(record));
        from += sizeof(record);
        const size_t length = record.captured_length;
        if (batch.size() - from < length || output.size() - to < sizeof(PackedHeader) + length)
            throw Napi::RangeError::New(info.Env(), "a record is longer than its batch or the room for it");
        const PackedHeader header = {record.seconds, record.nanoseconds / unit, record.captured_length,
                                     record.original_length};
        std::memcpy(output.data() + to, &header, sizeof(header));
        std::memcpy(output.data() + to + sizeof(header), batch.data() + from, length);
        to += sizeof(header) + length;
        // The padding of the last record may be missing.
        from = std::min(batch.size(), from + (length + 7) / 8 * 8);
    }
    return Napi::Number::New(info.Env(), static_cast<double>(to));
}

} // namespace

void DefinePackFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("packRecords", Napi::Function::New<PackRecords>(env, "packRecords"));
}

} // namespace ringcap
