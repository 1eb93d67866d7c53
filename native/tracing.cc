// Tracing programs: attaching to tracepoints, running iterators, and waiting until no program runs.
#include <bpf/bpf.h>
#include <linux/membarrier.h>
#include <napi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// (program, tracepoint): attaches, until the descriptor is closed. The name is empty where the program was loaded for
// its tracepoint (tp_btf).
Napi::Value AttachTracepoint(const Napi::CallbackInfo &info) {
    const std::string name = StringArgument(info, 1);
    const int fd = bpf_raw_tracepoint_open(name.empty() ? nullptr : name.c_str(),
                                           DescriptorArgument(info, 0, DescriptorKind::program));
    if (fd < 0)
        throw SystemFailure(info.Env(), "attach to the tracepoint " + name, errno);
    return Descriptor::Own(info.Env(), fd, DescriptorKind::link);
}

// (program, map): runs an iterator once over all objects, or over the entries of the map where there is one, and
// returns the bytes that it wrote (bpf_seq_write).
Napi::Value RunIterator(const Napi::CallbackInfo &info) {
    const int program = DescriptorArgument(info, 0, DescriptorKind::program);
    union bpf_iter_link_info iterated = {};
    struct bpf_link_create_opts options = {};
    options.sz = sizeof(options);
    if (!info[1].IsUndefined()) {
        iterated.map.map_fd = DescriptorArgument(info, 1, DescriptorKind::map);
        options.iter_info = &iterated;
        options.iter_info_len = sizeof(iterated);
    }
    const int link = bpf_link_create(program, 0, BPF_TRACE_ITER, &options);
    if (link < 0)
        throw SystemFailure(info.Env(), "attach an iterator", errno);
    const int iterator = bpf_iter_create(link);
    const int creation_failure = errno;
    close(link);
    if (iterator < 0)
        throw SystemFailure(info.Env(), "create an iterator", creation_failure);
    std::vector<uint8_t> output;
    uint8_t part[8192];
    ssize_t length = 0;
    // With EAGAIN the kernel says that it went over many objects without output, and wants to be asked again.
    while ((length = read(iterator, part, sizeof(part))) != 0) {
        if (length < 0 && errno != EAGAIN && errno != EINTR)
            break;
        if (length > 0)
            output.insert(output.end(), part, part + length);
    }
    const int failure = errno;
    close(iterator);
    if (length < 0)
        throw SystemFailure(info.Env(), "run an iterator", failure);
    return Napi::Buffer<uint8_t>::Copy(info.Env(), output.data(), output.size());
}

// (): returns when every program that ran at the time of the call has ended. membarrier(2) waits for a grace period of
// RCU. Returns false where the kernel has no such call.
Napi::Value WaitForPrograms(const Napi::CallbackInfo &info) {
    return Napi::Boolean::New(info.Env(), syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0);
}

} // namespace

void DefineTracingFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("attachTracepoint", Napi::Function::New<AttachTracepoint>(env, "attachTracepoint"));
    exports.Set("runIterator", Napi::Function::New<RunIterator>(env, "runIterator"));
    exports.Set("waitForPrograms", Napi::Function::New<WaitForPrograms>(env, "waitForPrograms"));
}

} // namespace ringcap
