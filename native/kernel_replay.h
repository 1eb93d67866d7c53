// Puts packets to a loaded capture program with BPF_PROG_TEST_RUN, and takes what it captured out of its ring.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "batch_reader.h"
#include "host_filter_program.h"
#include "ring_reader.h"

namespace ringcap {

class KernelReplay : public Napi::ObjectWrap<KernelReplay> {
  public:
    static Napi::Function Define(Napi::Env env);

    // (program: Descriptor, ring: Descriptor, atTc: boolean, snapshotLength: number,
    //  filter: Uint8Array, networkKeys: Uint8Array, linkType: number, needsWireLength: boolean)
    explicit KernelReplay(const Napi::CallbackInfo &info);
    ~KernelReplay() override;

  private:
    // The outcome for one packet.
    enum class Verdict { passed, matched, not_run };
    // The place in the output for the next matching packet.
    struct Output {
        uint8_t *data;
        size_t capacity;
        size_t used = 0;
    };

    Napi::Value Run(const Napi::CallbackInfo &info);
    void Close(const Napi::CallbackInfo &info);

    Verdict RunProgram(Napi::Env env, const BatchReader::Packet &packet);
    std::span<const uint8_t> Framed(const BatchReader::Packet &packet);
    void TakeRecord(Napi::Env env, const BatchReader::Packet &packet, Output *output);
    void Append(Napi::Env env, const batch_record &header, const uint8_t *data, uint32_t length, Output *output);

    int program_fd_ = -1; // its own duplicate
    std::unique_ptr<RingReader> ring_;
    uint64_t position_ = 0; // how far the ring was read
    std::unique_ptr<HostFilterProgram> host_;
    bool at_tc_ = false;
    bool needs_wire_length_ = false; // the program asks how long packets were on the wire
    uint32_t prefix_ = 0;            // bytes of the Ethernet header that packets without one are given
    uint32_t snapshot_length_ = 0;
    std::vector<uint8_t> framed_;
};

} // namespace ringcap
