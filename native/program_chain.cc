// The chain of programs at TC since Linux 6.6 (TCX; kernel/bpf/mprog.c): which program stands at which place, and
// attaching at a place. libbpf 1.1 does not know the fields that this takes, so the structures of
// include/uapi/linux/bpf.h are declared here.
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <napi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

namespace {

// BPF_MPROG_MAX of include/linux/bpf_mprog.h.
constexpr uint32_t chain_length_max = 64;

struct LinkCreateAttribute {
    __u32 program_fd;
    __u32 interface_index;
    __u32 attach_type;
    __u32 flags;
    __u32 relative_id;
    __u32 padding;
    __u64 expected_revision;
};

struct QueryAttribute {
    __u32 interface_index;
    __u32 attach_type;
    __u32 query_flags;
    __u32 attach_flags;
    __u64 program_ids;
    __u32 count;
    __u32 padding;
    __u64 program_attach_flags;
    __u64 link_ids;
    __u64 link_attach_flags;
    __u64 revision;
};

template <typename Attribute> long Bpf(int command, Attribute *attribute) {
    return syscall(__NR_bpf, command, attribute, sizeof(*attribute));
}

// (program, interfaceIndex, attachType, flags, relativeId, expectedRevision): a Descriptor of the link
//
// flags: BPF_F_BEFORE and the like.
// relativeId: the number of the program that the flags refer to, or 0 for the whole chain.
// expectedRevision: the revision that the chain must have, or 0 for any. The call fails with ESTALE where it has
// another one.
Napi::Value AttachToChain(const Napi::CallbackInfo &info) {
    struct LinkCreateAttribute attribute = {};
    attribute.program_fd = static_cast<__u32>(DescriptorArgument(info, 0, DescriptorKind::program));
    attribute.interface_index = UnsignedArgument(info, 1);
    attribute.attach_type = UnsignedArgument(info, 2);
    attribute.flags = UnsignedArgument(info, 3);
    attribute.relative_id = UnsignedArgument(info, 4);
    attribute.expected_revision = BigIntArgument(info, 5);
    const long fd = Bpf(BPF_LINK_CREATE, &attribute);
    if (fd < 0)
        throw SystemFailure(info.Env(), "bpf_link_create", errno);
    return Descriptor::Own(info.Env(), static_cast<int>(fd), DescriptorKind::link);
}

// (interfaceIndex, attachType): { revision (bigint), programIds }, the first to run first
Napi::Value QueryChain(const Napi::CallbackInfo &info) {
    __u32 ids[chain_length_max] = {};
    struct QueryAttribute attribute = {};
    attribute.interface_index = UnsignedArgument(info, 0);
    attribute.attach_type = UnsignedArgument(info, 1);
    attribute.program_ids = reinterpret_cast<uintptr_t>(ids);
    attribute.count = chain_length_max;
    if (Bpf(BPF_PROG_QUERY, &attribute) != 0)
        throw SystemFailure(info.Env(), "ask for the programs at TC", errno);
    Napi::Array program_ids = Napi::Array::New(info.Env());
    for (uint32_t i = 0; i < attribute.count && i < chain_length_max; i++)
        program_ids.Set(i, ids[i]);
    Napi::Object chain = Napi::Object::New(info.Env());
    chain.Set("revision", Napi::BigInt::New(info.Env(), static_cast<uint64_t>(attribute.revision)));
    chain.Set("programIds", program_ids);
    return chain;
}

} // namespace

void DefineProgramChainFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("attachToChain", Napi::Function::New<AttachToChain>(env, "attachToChain"));
    exports.Set("queryChain", Napi::Function::New<QueryChain>(env, "queryChain"));
}

} // namespace ringcap
