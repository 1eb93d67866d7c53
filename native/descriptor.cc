#include "descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "addon.h"
#include "failure.h"

namespace ringcap {

namespace {

constexpr napi_type_tag descriptor_tag = {0x72696e676361702d, 0x64657363726970};

} // namespace

Napi::Function Descriptor::Define(Napi::Env env) {
    return DefineClass(env, "Descriptor",
                       {InstanceAccessor<&Descriptor::Fd>("fd"), InstanceMethod<&Descriptor::Close>("close")});
}

Napi::Value Descriptor::Own(Napi::Env env, int fd) {
    try {
        return env.GetInstanceData<AddonData>()->descriptor_constructor.New(
            {Napi::External<void>::New(env, &fd), Napi::Number::New(env, fd)});
    } catch (...) {
        close(fd);
        throw;
    }
}

Napi::Value Descriptor::Duplicate(Napi::Env env, int fd) {
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw SystemFailure(env, "duplicate a descriptor", errno);
    return Own(env, copy);
}

int Descriptor::FdOf(const Napi::Value &value) {
    if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&descriptor_tag))
        throw Napi::TypeError::New(value.Env(), "expected a Descriptor");
    const int fd = Unwrap(value.As<Napi::Object>())->fd_;
    if (fd < 0)
        throw Napi::Error::New(value.Env(), "the descriptor is closed");
    return fd;
}

// Only native code can make the External that the constructor asks for.
Descriptor::Descriptor(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Descriptor>(info) {
    if (info.Length() != 2 || !info[0].IsExternal())
        throw Napi::TypeError::New(info.Env(), "a Descriptor cannot be constructed");
    info.This().As<Napi::Object>().TypeTag(&descriptor_tag);
    fd_ = info[1].As<Napi::Number>().Int32Value();
}

Descriptor::~Descriptor() {
    if (fd_ >= 0)
        close(fd_);
}

Napi::Value Descriptor::Fd(const Napi::CallbackInfo &info) {
    return Napi::Number::New(info.Env(), fd_);
}

void Descriptor::Close(const Napi::CallbackInfo &) {
    if (fd_ >= 0)
        close(fd_);
    fd_ = -1;
}

} // namespace ringcap
