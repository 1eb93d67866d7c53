// A file descriptor owned by a JavaScript object: closed by close(), or when the object is collected.
#pragma once

#include <napi.h>

#include <cstdint>

namespace ringcap {

// What a descriptor refers to: the kernel answers questions about a map to whoever asks about a program.
enum class DescriptorKind : uint8_t { any, map, program, link };

struct OwnedFd {
    int fd = -1;
    DescriptorKind kind = DescriptorKind::any;
};

class Descriptor : public Napi::ObjectWrap<Descriptor> {
  public:
    static Napi::Function Define(Napi::Env env);

    // Takes over fd, also when it throws.
    static Napi::Value Own(Napi::Env env, int fd, DescriptorKind kind = DescriptorKind::any);
    // A duplicate of fd, for descriptors that libbpf owns.
    static Napi::Value Duplicate(Napi::Env env, int fd, DescriptorKind kind);
    // The open descriptor behind a JavaScript value; a TypeError for anything else, and for a descriptor of another
    // kind.
    static int FdOf(const Napi::Value &value, DescriptorKind kind = DescriptorKind::any);

    // As FdOf, and the caller closes it: the JavaScript object is closed.
    static int Take(const Napi::Value &value, DescriptorKind kind);

    explicit Descriptor(const Napi::CallbackInfo &info);
    ~Descriptor() override;

  private:
    static Descriptor *From(const Napi::Value &value);

    Napi::Value Fd(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    OwnedFd owned_;
};

} // namespace ringcap
