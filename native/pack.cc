// Makes records in a row, as capture files have them, out of batches whose layout holds more.
#include <napi.h>

#include <algorithm>
#include <cstring>

#include "addon.h"
#include "arguments.h"
#include "batch_record.h"

namespace ringcap {

namespace {

// (batch, count, output, unit, trailer): number
//
// Fills the output with records in a row, and returns the number of bytes. A record has its seconds, the rest of its
// time in units of `unit` nanoseconds, both lengths and the captured bytes, without padding. The output needs no more
// room than the batch.
// trailer: the number of bytes behind the padding of each packet, which are left out.
Napi::Value PackRecords(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> batch = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const std::span<uint8_t> output = BytesArgument(info, 2);
    const uint32_t unit = UnsignedArgument(info, 3);
    const size_t trailer = UnsignedArgument(info, 4);
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
        if (batch.size() - from < length || output.size() - to < sizeof(packet_record) + length)
            throw Napi::RangeError::New(info.Env(), "a record is longer than its batch or the room for it");
        const packet_record header = {record.seconds, record.nanoseconds / unit, record.captured_length,
                                      record.original_length};
        std::memcpy(output.data() + to, &header, sizeof(header));
        std::memcpy(output.data() + to + sizeof(header), batch.data() + from, length);
        to += sizeof(header) + length;
        // The padding of the last record may be missing.
        from = std::min(batch.size(), from + (length + 7) / 8 * 8 + trailer);
    }
    return Napi::Number::New(info.Env(), static_cast<double>(to));
}

// (records, count, output, from_unit, to_unit): copies records in a row and converts the fraction of their second from
// units of from_unit nanoseconds to units of to_unit. The output needs the room of the records.
void ConvertRecords(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> records = BytesArgument(info, 0);
    const uint32_t count = UnsignedArgument(info, 1);
    const std::span<uint8_t> output = BytesArgument(info, 2);
    const uint64_t from_unit = UnsignedArgument(info, 3);
    const uint64_t to_unit = UnsignedArgument(info, 4);
    if (to_unit == 0)
        throw Napi::RangeError::New(info.Env(), "the unit of time is 0 ns");

    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        packet_record record;
        if (records.size() - at < sizeof(record))
            throw Napi::RangeError::New(info.Env(), "the records end before the last one");
        std::memcpy(&record, records.data() + at, sizeof(record));
        const size_t size = sizeof(record) + record.captured_length;
        if (records.size() - at < size || output.size() < at + size)
            throw Napi::RangeError::New(info.Env(), "a record is longer than what holds it");
        record.fraction = static_cast<uint32_t>(record.fraction * from_unit / to_unit);
        std::memmove(output.data() + at, records.data() + at, size);
        std::memcpy(output.data() + at, &record, sizeof(record));
        at += size;
    }
}

} // namespace

void DefinePackFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("packRecords", Napi::Function::New<PackRecords>(env, "packRecords"));
    exports.Set("convertRecords", Napi::Function::New<ConvertRecords>(env, "convertRecords"));
}

} // namespace ringcap
