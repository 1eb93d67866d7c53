// Finds out by trying what this kernel can do, and which XDP program is attached to an interface.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <napi.h>

#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

// libbpf's probes take a refusal for want of privileges for an answer: "no" for types, and "yes" for helpers. The errno
// of the last bpf(2) call tells such a refusal from an answer, so the caller sets errno to 0 before the probe.
bool Supported(const Napi::CallbackInfo &info, const char *what, int result) {
    const int refusal = result < 0 ? -result : errno;
    if (result < 0 || refusal == EPERM)
        throw SystemFailure(info.Env(), std::string("probe for ") + what, refusal);
    return result == 1;
}

// (programType)
Napi::Value ProbeProgramType(const Napi::CallbackInfo &info) {
    const auto type = static_cast<enum bpf_prog_type>(UnsignedArgument(info, 0));
    errno = 0;
    return Napi::Boolean::New(info.Env(), Supported(info, "a program type", libbpf_probe_bpf_prog_type(type, nullptr)));
}

// (mapType)
Napi::Value ProbeMapType(const Napi::CallbackInfo &info) {
    const auto type = static_cast<enum bpf_map_type>(UnsignedArgument(info, 0));
    errno = 0;
    return Napi::Boolean::New(info.Env(), Supported(info, "a map type", libbpf_probe_bpf_map_type(type, nullptr)));
}

// (programType, helper)
Napi::Value ProbeHelper(const Napi::CallbackInfo &info) {
    const auto type = static_cast<enum bpf_prog_type>(UnsignedArgument(info, 0));
    const auto helper = static_cast<enum bpf_func_id>(UnsignedArgument(info, 1));
    errno = 0;
    return Napi::Boolean::New(info.Env(), Supported(info, "a helper", libbpf_probe_bpf_helper(type, helper, nullptr)));
}

// (interfaceIndex): { mode: the XDP_ATTACHED_* number, programId }, both 0 when the XDP slot is free
Napi::Value QueryXdp(const Napi::CallbackInfo &info) {
    LIBBPF_OPTS(bpf_xdp_query_opts, options);
    const int result = bpf_xdp_query(static_cast<int>(UnsignedArgument(info, 0)), 0, &options);
    if (result != 0)
        throw SystemFailure(info.Env(), "ask for the XDP program of an interface", -result);
    Napi::Object answer = Napi::Object::New(info.Env());
    answer.Set("mode", static_cast<uint32_t>(options.attach_mode));
    answer.Set("programId", options.prog_id);
    return answer;
}

} // namespace

void DefineFeatureFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("probeProgramType", Napi::Function::New<ProbeProgramType>(env, "probeProgramType"));
    exports.Set("probeMapType", Napi::Function::New<ProbeMapType>(env, "probeMapType"));
    exports.Set("probeHelper", Napi::Function::New<ProbeHelper>(env, "probeHelper"));
    exports.Set("queryXdp", Napi::Function::New<QueryXdp>(env, "queryXdp"));
}

} // namespace ringcap
