#include "descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "addon.h"
#include "failure.h"

namespace ringcap {

namespace {

constexpr napi_type_tag descriptor_tag = {0x72696e676361702d, 0x64657363726970};

// Offers fd to the constructor, which accepts it. In a worker that is being terminated the constructor may fail without
// an exception. An fd that was not accepted is closed at the end.
class Handover {
  public:
    Handover(AddonData *data, OwnedFd offer) : data_(data), offer_(offer) {
        data_->new_descriptor = &offer_;
    }
    ~Handover() {
        if (std::exchange(data_->new_descriptor, nullptr) != nullptr)
            close(offer_.fd);
    }
    Handover(const Handover &) = delete;
    Handover &operator=(const Handover &) = delete;

  private:
    AddonData *const data_;
    const OwnedFd offer_;
};

const char *NameOf(DescriptorKind kind) {
    switch (kind) {
    case DescriptorKind::map:
        return " of a map";
    case DescriptorKind::program:
        return " of a program";
    case DescriptorKind::link:
        return " of a link";
    case DescriptorKind::any:
        break;
    }
    return "";
}

} // namespace

Napi::Function Descriptor::Define(Napi::Env env) {
    return DefineClass(env, "Descriptor",
                       {InstanceAccessor<&Descriptor::Fd>("fd"), InstanceMethod<&Descriptor::Close>("close")});
}

Napi::Value Descriptor::Own(Napi::Env env, int fd, DescriptorKind kind) {
    const Handover handover(env.GetInstanceData<AddonData>(), {fd, kind});
    return env.GetInstanceData<AddonData>()->descriptor_constructor.New({});
}

Napi::Value Descriptor::Duplicate(Napi::Env env, int fd, DescriptorKind kind) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw SystemFailure(env, "duplicate a descriptor", errno);
    return Own(env, copy, kind);
}

// Returns null for a value that is no Descriptor.
Descriptor *Descriptor::From(const Napi::Value &value) {
    const bool tagged = value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&descriptor_tag);
    return tagged ? Unwrap(value.As<Napi::Object>()) : nullptr;
}

int Descriptor::FdOf(const Napi::Value &value, DescriptorKind kind) {
    const Descriptor *descriptor = From(value);
    if (descriptor == nullptr || (kind != DescriptorKind::any && kind != descriptor->owned_.kind))
        throw Napi::TypeError::New(value.Env(), std::string("expected a Descriptor") + NameOf(kind));
    if (descriptor->owned_.fd < 0)
        throw Napi::Error::New(value.Env(), "the descriptor is closed");
    return descriptor->owned_.fd;
}

int Descriptor::Take(const Napi::Value &value, DescriptorKind kind) {
    FdOf(value, kind);
    return std::exchange(From(value)->owned_.fd, -1);
}

// Only Own() offers a descriptor.
Descriptor::Descriptor(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Descriptor>(info) {
    auto *data = info.Env().GetInstanceData<AddonData>();
    if (data->new_descriptor == nullptr)
        throw Napi::TypeError::New(info.Env(), "a Descriptor cannot be constructed");
    info.This().As<Napi::Object>().TypeTag(&descriptor_tag);
    owned_ = *std::exchange(data->new_descriptor, nullptr);
}

Descriptor::~Descriptor() {
    if (owned_.fd >= 0)
        close(owned_.fd);
}

// Node-API checks the receiver of a method, and not that of an accessor.
Napi::Value Descriptor::Fd(const Napi::CallbackInfo &info) {
    const Descriptor *descriptor = From(info.This());
    if (descriptor == nullptr)
        throw Napi::TypeError::New(info.Env(), "Illegal invocation");
    return Napi::Number::New(info.Env(), descriptor->owned_.fd);
}

void Descriptor::Close(const Napi::CallbackInfo &) {
    if (owned_.fd >= 0)
        close(owned_.fd);
    owned_.fd = -1;
}

} // namespace ringcap
