// The N-API binding of libbpf. It has no policy: it knows no file format, no file and no command line.
#include "addon.h"

#include "descriptor.h"
#include "failure.h"
#include "host_filter.h"
#include "kernel_replay.h"
#include "live_frames.h"
#include "object.h"
#include "packet_drain.h"
#include "packet_socket.h"
#include "pcap_capture.h"
#include "readiness.h"
#include "record_drain.h"
#include "table_filling.h"
#include "watchdog.h"

namespace ringcap {

namespace {

Napi::Object Initialise(Napi::Env env, Napi::Object exports) {
    auto *data = new AddonData();
    env.SetInstanceData(data);
    const Napi::Function descriptor = Descriptor::Define(env);
    data->descriptor_constructor = Napi::Persistent(descriptor);

    exports.Set("Descriptor", descriptor);
    exports.Set("BpfObject", BpfObject::Define(env));
    exports.Set("HostFilter", HostFilter::Define(env));
    exports.Set("KernelReplay", KernelReplay::Define(env));
    exports.Set("LiveFrames", LiveFrames::Define(env));
    exports.Set("PacketDrain", PacketDrain::Define(env));
    exports.Set("PacketSocket", PacketSocket::Define(env));
    exports.Set("PcapCapture", PcapCapture::Define(env));
    exports.Set("Readiness", Readiness::Define(env));
    exports.Set("RecordDrain", RecordDrain::Define(env));
    exports.Set("TableFilling", TableFilling::Define(env));
    exports.Set("Watchdog", Watchdog::Define(env));
    DefineChecksumFunctions(env, exports);
    DefineClsactFilterFunctions(env, exports);
    DefineClsactFunctions(env, exports);
    DefineMapFunctions(env, exports);
    // libbpf's messages become part of the errors, and do not go to standard error.
    CollectLibbpfLog();
    DefinePackFunctions(env, exports);
    DefinePackBlocksFunctions(env, exports);
    DefinePcapDeviceFunctions(env, exports);
    DefinePcapFilterFunctions(env, exports);
    DefineProgramFunctions(env, exports);
    DefineLinkFunctions(env, exports);
    DefineClockFunctions(env, exports);
    DefineDatagramFunctions(env, exports);
    DefineDirectIoFunctions(env, exports);
    DefineFeatureFunctions(env, exports);
    DefineFileLockFunctions(env, exports);
    DefineInterfaceFunctions(env, exports);
    DefineInterfaceDropFunctions(env, exports);
    DefineInterfaceNameFunctions(env, exports);
    DefineInterfaceWatchFunctions(env, exports);
    DefinePrivilegeFunctions(env, exports);
    DefineProgramChainFunctions(env, exports);
    DefinePromiscuousFunctions(env, exports);
    DefineTracingFunctions(env, exports);
    DefineUserFunctions(env, exports);
    return exports;
}

NODE_API_MODULE(ringcap, Initialise)

} // namespace

} // namespace ringcap
