// A file descriptor owned by a JavaScript object: closed by close(), or when the object is collected.
#pragma once

#include <napi.h>

namespace ringcap {

class Descriptor : public Napi::ObjectWrap<Descriptor> {
  public:
    static Napi::Function Define(Napi::Env env);

    // Takes over fd, also when it throws.
    static Napi::Value Own(Napi::Env env, int fd);
    // A duplicate of fd, for descriptors that libbpf owns.
    static Napi::Value Duplicate(Napi::Env env, int fd);
    // The open descriptor behind a JavaScript value; a TypeError for anything else.
    static int FdOf(const Napi::Value &value);

    explicit Descriptor(const Napi::CallbackInfo &info);
    ~Descriptor() override;

  private:
    Napi::Value Fd(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    int fd_ = -1;
};

} // namespace ringcap
