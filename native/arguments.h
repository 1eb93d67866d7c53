// Checks arguments from JavaScript. A wrong type is a TypeError, and never undefined behaviour.
#pragma once

#include <napi.h>

#include <cstdint>
#include <span>
#include <string>

#include "descriptor.h"

namespace ringcap {

std::string StringArgument(const Napi::CallbackInfo &info, size_t index);
uint32_t UnsignedArgument(const Napi::CallbackInfo &info, size_t index);
uint64_t BigIntArgument(const Napi::CallbackInfo &info, size_t index);
bool BooleanArgument(const Napi::CallbackInfo &info, size_t index);
// A view on the bytes of a Uint8Array, valid during the call.
std::span<uint8_t> BytesArgument(const Napi::CallbackInfo &info, size_t index);
int DescriptorArgument(const Napi::CallbackInfo &info, size_t index, DescriptorKind kind);
Napi::Function FunctionArgument(const Napi::CallbackInfo &info, size_t index);

} // namespace ringcap
