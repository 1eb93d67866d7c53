#include "readiness.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "arguments.h"
#include "descriptor.h"
#include "failure.h"

namespace ringcap {

struct Readiness::Watch {
    uv_poll_t handle = {};
    int epoll_fd = -1;
    Readiness *owner = nullptr;
    napi_async_cleanup_hook_handle cleanup = nullptr;

    void StartClosing() {
        if (uv_is_closing(reinterpret_cast<uv_handle_t *>(&handle)))
            return;
        if (owner != nullptr)
            owner->watch_ = nullptr;
        owner = nullptr;
        uv_close(reinterpret_cast<uv_handle_t *>(&handle), [](uv_handle_t *closed) {
            auto *watch = static_cast<Watch *>(closed->data);
            close(watch->epoll_fd);
            napi_remove_async_cleanup_hook(watch->cleanup);
            delete watch;
        });
    }
};

Napi::Function Readiness::Define(Napi::Env env) {
    return DefineClass(env, "Readiness",
                       {InstanceMethod<&Readiness::Unreference>("unref"), InstanceMethod<&Readiness::Close>("close")});
}

// libuv polls with level triggering, and would call back as long as a ring holds one record. An edge-triggered epoll
// instance of the addon stands between them, which is readable only after a wake-up from the kernel.
Readiness::Readiness(const Napi::CallbackInfo &info) : Napi::ObjectWrap<Readiness>(info) {
    if (!info[0].IsArray())
        throw Napi::TypeError::New(info.Env(), "argument 0: expected an array of Descriptors");
    const Napi::Array descriptors = info[0].As<Napi::Array>();
    callback_ = Napi::Persistent(FunctionArgument(info, 1));
    context_ = std::make_unique<Napi::AsyncContext>(info.Env(), "ringcap.Readiness");

    auto watch = std::make_unique<Watch>();
    watch->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (watch->epoll_fd < 0)
        throw SystemFailure(info.Env(), "create an epoll instance", errno);
    try {
        for (uint32_t i = 0; i < descriptors.Length(); i++) {
            struct epoll_event event = {};
            event.events = EPOLLIN | EPOLLET;
            if (epoll_ctl(watch->epoll_fd, EPOLL_CTL_ADD, Descriptor::FdOf(descriptors.Get(i)), &event) != 0)
                throw SystemFailure(info.Env(), "watch a descriptor", errno);
        }
        uv_loop_t *loop = nullptr;
        if (napi_get_uv_event_loop(info.Env(), &loop) != napi_ok)
            throw Napi::Error::New(info.Env(), "this thread has no event loop");
        const int status = uv_poll_init(loop, &watch->handle, watch->epoll_fd);
        if (status != 0)
            throw SystemFailure(info.Env(), "watch an epoll instance", -status);
        Ref();
        referenced_ = true;
    } catch (...) {
        close(watch->epoll_fd);
        throw;
    }

    // From here on libuv knows the handle. Only the callback of uv_close frees it, and nothing may throw.
    watch_ = watch.release();
    watch_->owner = this;
    watch_->handle.data = watch_;
    napi_add_async_cleanup_hook(
        info.Env(), [](napi_async_cleanup_hook_handle, void *data) { static_cast<Watch *>(data)->StartClosing(); },
        watch_, &watch_->cleanup);
    uv_poll_start(&watch_->handle, UV_READABLE, OnReadable);
}

Readiness::~Readiness() {
    if (watch_ != nullptr)
        watch_->StartClosing();
}

// (): lets the event loop end and this object be collected although the handle is open.
void Readiness::Unreference(const Napi::CallbackInfo &) {
    if (watch_ != nullptr)
        uv_unref(reinterpret_cast<uv_handle_t *>(&watch_->handle));
    if (std::exchange(referenced_, false))
        Unref();
}

void Readiness::Close(const Napi::CallbackInfo &) {
    if (watch_ == nullptr)
        return;
    watch_->StartClosing();
    if (std::exchange(referenced_, false))
        Unref();
}

void Readiness::OnReadable(uv_poll_t *handle, int, int) {
    auto *watch = static_cast<Watch *>(handle->data);
    // Taking the events makes the epoll instance unreadable until the kernel wakes it again.
    struct epoll_event events[64];
    while (epoll_wait(watch->epoll_fd, events, 64, 0) == 64) {
    }
    if (watch->owner != nullptr)
        watch->owner->Notify();
}

void Readiness::Notify() {
    Napi::Env env = Env();
    Napi::HandleScope scope(env);
    // The object was collected, but is not finalized yet.
    if (Value().IsEmpty())
        return;
    // This object is the receiver of the call and stays alive until the call returns, also when the callback closes it.
    try {
        callback_.MakeCallback(Value(), {}, *context_);
    } catch (const Napi::Error &error) {
        // The error becomes an uncaughtException, like any error that a callback throws.
        napi_fatal_exception(env, error.Value());
    }
}

} // namespace ringcap
