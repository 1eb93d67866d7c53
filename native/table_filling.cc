#include "table_filling.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "arguments.h"
#include "descriptor.h"
#include "failure.h"
#include "held_signals.h"

namespace ringcap {

namespace {

int Duplicate(Napi::Env env, int fd) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw SystemFailure(env, "duplicate a descriptor", errno);
    return copy;
}

} // namespace

TableFilling::Duplicates::~Duplicates() {
    Close();
}

void TableFilling::Duplicates::Close() {
    for (const int fd : fds)
        close(fd);
    fds.clear();
}

Napi::Function TableFilling::Define(Napi::Env env) {
    return DefineClass(env, "TableFilling", {InstanceMethod<&TableFilling::Wait>("wait")});
}

TableFilling::TableFilling(const Napi::CallbackInfo &info) : Napi::ObjectWrap<TableFilling>(info) {
    const int outer = DescriptorArgument(info, 0, DescriptorKind::map);
    const std::span<uint8_t> indices = BytesArgument(info, 1);
    if (!info[2].IsArray())
        throw Napi::TypeError::New(info.Env(), "argument 2: expected an array of Descriptors");
    const Napi::Array maps = info[2].As<Napi::Array>();
    struct bpf_map_info map = {};
    __u32 length = sizeof(map);
    if (bpf_obj_get_info_by_fd(outer, &map, &length) != 0)
        throw SystemFailure(info.Env(), "ask the kernel about a map", errno);
    name_ = map.name;
    if (map.type != BPF_MAP_TYPE_ARRAY_OF_MAPS)
        throw SystemFailure(info.Env(), "put maps into the map " + name_, EINVAL);
    if (indices.size() != maps.Length() * sizeof(__u32))
        throw Napi::RangeError::New(info.Env(), "expected an index of four bytes for each map");
    indices_.resize(maps.Length());
    if (!indices.empty())
        std::memcpy(indices_.data(), indices.data(), indices.size());
    for (uint32_t i = 0; i < maps.Length(); i++)
        inner_.fds.push_back(Duplicate(info.Env(), Descriptor::FdOf(maps.Get(i), DescriptorKind::map)));
    outer_.fds.push_back(Duplicate(info.Env(), outer));
    const HeldSignals inherited;
    try {
        thread_ = std::thread([this] { Fill(); });
    } catch (const std::system_error &) {
        // There is no room for another thread.
        Fill();
    }
}

TableFilling::~TableFilling() {
    Join();
}

void TableFilling::Fill() {
    SetEntries();
    outer_.Close();
    inner_.Close();
}

// Kernels that do not take a batch wait for a grace period after each entry.
void TableFilling::SetEntries() {
    const int outer = outer_.fds.front();
    __u32 count = static_cast<__u32>(indices_.size());
    if (count > 0 && bpf_map_update_batch(outer, indices_.data(), inner_.fds.data(), &count, nullptr) == 0)
        return;
    for (size_t i = 0; i < indices_.size() && failure_ == 0; i++) {
        if (bpf_map_update_elem(outer, &indices_[i], &inner_.fds[i], BPF_ANY) != 0)
            failure_ = errno;
    }
}

void TableFilling::Join() {
    if (thread_.joinable())
        thread_.join();
}

// (): returns after the grace period. Throws when an entry could not be set.
void TableFilling::Wait(const Napi::CallbackInfo &info) {
    Join();
    if (failure_ != 0)
        throw SystemFailure(info.Env(), "update the map " + name_, failure_);
}

} // namespace ringcap
