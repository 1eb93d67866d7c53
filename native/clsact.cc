// TC before Linux 6.6: a filter of the clsact qdisc, by netlink. Unlike a link it outlives its process.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <napi.h>

#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "failure.h"

namespace ringcap {

namespace {

enum bpf_tc_attach_point AttachPoint(const Napi::CallbackInfo &info, size_t index) {
    return BooleanArgument(info, index) ? BPF_TC_EGRESS : BPF_TC_INGRESS;
}

// (program, interfaceIndex, egress, handle, priority, replace)
//
// Attaches a filter, and makes the qdisc where there is none. replace says that the filter exists and gets another
// program.
void AttachClsact(const Napi::CallbackInfo &info) {
    CollectLibbpfLog();
    LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = static_cast<int>(UnsignedArgument(info, 1)),
                .attach_point = AttachPoint(info, 2));
    LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = DescriptorArgument(info, 0, DescriptorKind::program),
                .flags = BooleanArgument(info, 5) ? static_cast<__u32>(BPF_TC_F_REPLACE) : 0,
                .handle = UnsignedArgument(info, 3), .priority = UnsignedArgument(info, 4));
    const int created = bpf_tc_hook_create(&hook);
    if (created != 0 && created != -EEXIST)
        throw SystemFailure(info.Env(), "create a clsact qdisc", -created, TakeLibbpfLog());
    const int attached = bpf_tc_attach(&hook, &options);
    if (attached != 0)
        throw SystemFailure(info.Env(), "attach a TC filter", -attached, TakeLibbpfLog());
}

// (interfaceIndex, egress, handle, priority)
//
// Detaches a filter. A filter that does not exist is no error.
void DetachClsact(const Napi::CallbackInfo &info) {
    CollectLibbpfLog();
    LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = static_cast<int>(UnsignedArgument(info, 0)),
                .attach_point = AttachPoint(info, 1));
    LIBBPF_OPTS(bpf_tc_opts, options, .handle = UnsignedArgument(info, 2), .priority = UnsignedArgument(info, 3));
    const int result = bpf_tc_detach(&hook, &options);
    if (result != 0 && result != -ENOENT && result != -ENODEV && result != -EINVAL)
        throw SystemFailure(info.Env(), "detach a TC filter", -result, TakeLibbpfLog());
}

// (interfaceIndex, egress, handle, priority): the number of the program of a filter, 0 when there is no such filter
Napi::Value QueryClsact(const Napi::CallbackInfo &info) {
    CollectLibbpfLog();
    LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = static_cast<int>(UnsignedArgument(info, 0)),
                .attach_point = AttachPoint(info, 1));
    LIBBPF_OPTS(bpf_tc_opts, options, .handle = UnsignedArgument(info, 2), .priority = UnsignedArgument(info, 3));
    const bool found = bpf_tc_query(&hook, &options) == 0;
    return Napi::Number::New(info.Env(), found ? options.prog_id : 0);
}

} // namespace

void DefineClsactFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("attachClsact", Napi::Function::New<AttachClsact>(env, "attachClsact"));
    exports.Set("detachClsact", Napi::Function::New<DetachClsact>(env, "detachClsact"));
    exports.Set("queryClsact", Napi::Function::New<QueryClsact>(env, "queryClsact"));
}

} // namespace ringcap
