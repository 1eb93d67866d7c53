#include "arguments.h"

#include <cmath>

namespace ringcap {

namespace {

Napi::TypeError Expected(const Napi::CallbackInfo &info, size_t index, const char *what) {
    return Napi::TypeError::New(info.Env(), "argument " + std::to_string(index) + ": expected " + what);
}

} // namespace

std::string StringArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsString())
        throw Expected(info, index, "a string");
    return info[index].As<Napi::String>().Utf8Value();
}

uint32_t UnsignedArgument(const Napi::CallbackInfo &info, size_t index) {
    const double value = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : -1;
    if (!(value >= 0 && value <= UINT32_MAX) || std::floor(value) != value)
        throw Expected(info, index, "an unsigned 32-bit integer");
    return static_cast<uint32_t>(value);
}

uint64_t BigIntArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsBigInt())
        throw Expected(info, index, "a bigint");
    bool lossless = false;
    const uint64_t value = info[index].As<Napi::BigInt>().Uint64Value(&lossless);
    if (!lossless)
        throw Expected(info, index, "an unsigned 64-bit bigint");
    return value;
}

bool BooleanArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsBoolean())
        throw Expected(info, index, "a boolean");
    return info[index].As<Napi::Boolean>().Value();
}

std::span<uint8_t> BytesArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsTypedArray() || info[index].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
        throw Expected(info, index, "a Uint8Array");
    Napi::Uint8Array array = info[index].As<Napi::Uint8Array>();
    return {array.Data(), array.ByteLength()};
}

int DescriptorArgument(const Napi::CallbackInfo &info, size_t index, DescriptorKind kind) {
    return Descriptor::FdOf(info[index], kind);
}

Napi::Function FunctionArgument(const Napi::CallbackInfo &info, size_t index) {
    if (!info[index].IsFunction())
        throw Expected(info, index, "a function");
    return info[index].As<Napi::Function>();
}

} // namespace ringcap
