#include "record_drain.h"

#include <cerrno>
#include <cstring>

#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// Bytes before each record: four of its length, and four of padding.
constexpr size_t header_size = 8;

} // namespace

Napi::Function RecordDrain::Define(Napi::Env env) {
    return DefineClass(env, "RecordDrain",
                       {InstanceMethod<&RecordDrain::Drain>("drain"), InstanceMethod<&RecordDrain::Close>("close")});
}

RecordDrain::RecordDrain(const Napi::CallbackInfo &info) : Napi::ObjectWrap<RecordDrain>(info) {
    ring_.emplace(info.Env(), DescriptorArgument(info, 0, DescriptorKind::map));
}

// (buffer: Uint8Array): { records, full }
//
// Takes records in the order of their reservation as long as the buffer has room. It writes the length of each record
// in four bytes, four bytes of 0, and the record, filled up to a multiple of eight bytes. Records that it does not take
// stay in the ring. It takes no record behind one that is still being written.
// full: whether some records were left for want of room.
Napi::Value RecordDrain::Drain(const Napi::CallbackInfo &info) {
    const std::span<uint8_t> buffer = BytesArgument(info, 0);
    if (!ring_)
        throw Napi::Error::New(info.Env(), "the drain is closed");
    size_t used = 0;
    uint32_t records = 0;
    bool full = false;
    Ring::Record record;
    while (ring_->Peek(info.Env(), &record) == Ring::Head::record) {
        const size_t padded = (size_t{record.length} + 7) / 8 * 8;
        full = header_size + padded > buffer.size() - used;
        if (full && used == 0)
            throw SystemFailure(info.Env(),
                                "put a record of " + std::to_string(record.length) + " bytes into the buffer", ENOBUFS);
        if (full)
            break;
        uint8_t *to = buffer.data() + used;
        const uint64_t header = record.length;
        std::memcpy(to, &header, header_size);
        std::memcpy(to + header_size, record.data, record.length);
        std::memset(to + header_size + record.length, 0, padded - record.length);
        ring_->Consume(record);
        used += header_size + padded;
        records++;
    }
    ring_->Release();
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("records", records);
    result.Set("full", full);
    return result;
}

void RecordDrain::Close(const Napi::CallbackInfo &) {
    ring_.reset();
}

} // namespace ringcap
