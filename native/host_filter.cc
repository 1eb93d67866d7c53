#include "host_filter.h"

#include <stdexcept>

#include "arguments.h"
#include "batch_reader.h"

namespace ringcap {

std::unique_ptr<HostFilterProgram> HostFilterArguments(const Napi::CallbackInfo &info, size_t first) {
    const std::span<uint8_t> filter = BytesArgument(info, first);
    const std::span<uint8_t> keys = BytesArgument(info, first + 1);
    const uint32_t link_type = UnsignedArgument(info, first + 2);
    try {
        return std::make_unique<HostFilterProgram>(filter, keys, link_type);
    } catch (const std::invalid_argument &error) {
        throw Napi::RangeError::New(info.Env(), error.what());
    }
}

Napi::Function HostFilter::Define(Napi::Env env) {
    return DefineClass(env, "HostFilter", {InstanceMethod<&HostFilter::Match>("match")});
}

HostFilter::HostFilter(const Napi::CallbackInfo &info)
    : Napi::ObjectWrap<HostFilter>(info), program_(HostFilterArguments(info, 0)) {}

// (batch: Uint8Array, count: number, verdicts: Uint8Array): number
//
// Puts 1 or 0 into `verdicts` for each of `count` packets laid out as in batch_record.h. Returns how many match.
Napi::Value HostFilter::Match(const Napi::CallbackInfo &info) {
    BatchReader batch(BytesArgument(info, 0));
    const uint32_t count = UnsignedArgument(info, 1);
    const std::span<uint8_t> verdicts = BytesArgument(info, 2);
    if (verdicts.size() < count)
        throw Napi::RangeError::New(info.Env(), "there is no room for the verdicts");
    uint32_t matched = 0;
    for (uint32_t i = 0; i < count; i++) {
        const BatchReader::Packet packet = batch.Next(info.Env());
        const bool matches = program_->Matches(packet.data, packet.header.captured_length);
        verdicts[i] = matches ? 1 : 0;
        matched += matches ? 1 : 0;
    }
    return Napi::Number::New(info.Env(), matched);
}

} // namespace ringcap
