// Puts maps into an array of maps in a thread of its own: the kernel waits for a grace period of RCU once they are
// there (kernel/bpf/syscall.c, maybe_wait_bpf_programs). Programs find the maps before that.
#pragma once

#include <linux/types.h>
#include <napi.h>

#include <string>
#include <thread>
#include <vector>

namespace ringcap {

class TableFilling : public Napi::ObjectWrap<TableFilling> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (outer array of maps, indices: Uint8Array of four bytes each, inner maps: Descriptor[]): begins, and returns at
    // once. The last entry is set last.
    explicit TableFilling(const Napi::CallbackInfo &info);
    ~TableFilling() override;

  private:
    void Wait(const Napi::CallbackInfo &info);
    void Fill();
    void SetEntries();
    void Join();

    // Duplicates, so that the caller may close its descriptors meanwhile. They are closed when the table is filled.
    struct Duplicates {
        std::vector<int> fds;
        ~Duplicates();
        void Close();
    };
    Duplicates outer_;
    Duplicates inner_;
    std::vector<__u32> indices_;
    std::string name_;
    int failure_ = 0;
    std::thread thread_;
};

} // namespace ringcap
