// The state that the addon keeps for each JavaScript environment (the main thread, and every worker).
#pragma once

#include <napi.h>

#include "descriptor.h"

namespace ringcap {

struct AddonData {
    Napi::FunctionReference descriptor_constructor;
    // The descriptor that the Descriptor under construction takes over; null when JavaScript calls the constructor by
    // itself.
    const OwnedFd *new_descriptor = nullptr;
};

void DefineChecksumFunctions(Napi::Env env, Napi::Object exports);
void DefineClsactFilterFunctions(Napi::Env env, Napi::Object exports);
void DefineClsactFunctions(Napi::Env env, Napi::Object exports);
void DefineDatagramFunctions(Napi::Env env, Napi::Object exports);
void DefineMapFunctions(Napi::Env env, Napi::Object exports);
void DefinePackFunctions(Napi::Env env, Napi::Object exports);
void DefinePackBlocksFunctions(Napi::Env env, Napi::Object exports);
void DefinePcapDeviceFunctions(Napi::Env env, Napi::Object exports);
void DefinePcapFilterFunctions(Napi::Env env, Napi::Object exports);
void DefineProgramFunctions(Napi::Env env, Napi::Object exports);
void DefineLinkFunctions(Napi::Env env, Napi::Object exports);
void DefineClockFunctions(Napi::Env env, Napi::Object exports);
void DefineDirectIoFunctions(Napi::Env env, Napi::Object exports);
void DefineFeatureFunctions(Napi::Env env, Napi::Object exports);
void DefineFileLockFunctions(Napi::Env env, Napi::Object exports);
void DefineInterfaceFunctions(Napi::Env env, Napi::Object exports);
void DefineInterfaceDropFunctions(Napi::Env env, Napi::Object exports);
void DefineInterfaceNameFunctions(Napi::Env env, Napi::Object exports);
void DefineInterfaceWatchFunctions(Napi::Env env, Napi::Object exports);
void DefinePrivilegeFunctions(Napi::Env env, Napi::Object exports);
void DefineProgramChainFunctions(Napi::Env env, Napi::Object exports);
void DefinePromiscuousFunctions(Napi::Env env, Napi::Object exports);
void DefineTracingFunctions(Napi::Env env, Napi::Object exports);
void DefineUserFunctions(Napi::Env env, Napi::Object exports);

} // namespace ringcap
