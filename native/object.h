// A BPF object file: open, set its constants and map sizes, choose programs, load, take maps and programs out.
#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>
#include <string>
#include <thread>

namespace ringcap {

class BpfObject : public Napi::ObjectWrap<BpfObject> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (bytes: Uint8Array, name: string)
    explicit BpfObject(const Napi::CallbackInfo &info);
    ~BpfObject() override;

  private:
    void SetVariable(const Napi::CallbackInfo &info);
    void SetMaxEntries(const Napi::CallbackInfo &info);
    void SetValueSize(const Napi::CallbackInfo &info);
    void ReuseMap(const Napi::CallbackInfo &info);
    void SetInnerValueSize(const Napi::CallbackInfo &info);
    void SetAutoload(const Napi::CallbackInfo &info);
    void SetProgramFlags(const Napi::CallbackInfo &info);
    void StartLoading(const Napi::CallbackInfo &info);
    void Load(const Napi::CallbackInfo &info);
    Napi::Value Map(const Napi::CallbackInfo &info);
    Napi::Value Program(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    struct bpf_object *Opened(Napi::Env env);
    struct bpf_map *FindMap(const Napi::CallbackInfo &info);
    struct bpf_program *FindProgram(const Napi::CallbackInfo &info);
    void LoadHere();
    void WaitForLoading();

    struct bpf_object *object_ = nullptr;
    // The verifier writes its log here. libbpf keeps the pointer until the object is closed.
    std::unique_ptr<char[]> kernel_log_;
    // Loads the object beside this thread, which does not touch the object until then.
    std::thread loading_;
    bool started_ = false;
    int load_result_ = 0;
    std::string load_log_;
    bool loaded_ = false;
};

} // namespace ringcap
