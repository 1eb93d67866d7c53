// Loaded programs: what the kernel says about them, and BPF_PROG_TEST_RUN.
#include <bpf/bpf.h>
#include <napi.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

#include "addon.h"
#include "arguments.h"
#include "descriptor.h"
#include "failure.h"
#include "held_signals.h"

namespace ringcap {

namespace {

// Bytes of room for a frame that the program makes longer.
constexpr size_t output_headroom = 256;

constexpr size_t kernel_log_size = 1 << 20;

// The number of maps that the kernel lets a program use (MAX_USED_MAPS of include/linux/bpf_verifier.h).
constexpr uint32_t maps_max = 64;

// (program): { id, type, name, runCount, runNanoseconds, recursionMisses, verifiedInstructions }
Napi::Value DescribeProgram(const Napi::CallbackInfo &info) {
    struct bpf_prog_info program = {};
    __u32 length = sizeof(program);
    if (bpf_obj_get_info_by_fd(DescriptorArgument(info, 0, DescriptorKind::program), &program, &length) != 0)
        throw SystemFailure(info.Env(), "ask the kernel about a program", errno);
    Napi::Object description = Napi::Object::New(info.Env());
    description.Set("id", program.id);
    description.Set("type", program.type);
    description.Set("name", std::string(program.name));
    description.Set("runCount", Napi::BigInt::New(info.Env(), static_cast<uint64_t>(program.run_cnt)));
    description.Set("runNanoseconds", Napi::BigInt::New(info.Env(), static_cast<uint64_t>(program.run_time_ns)));
    description.Set("recursionMisses", Napi::BigInt::New(info.Env(), static_cast<uint64_t>(program.recursion_misses)));
    description.Set("verifiedInstructions", program.verified_insns);
    return description;
}

// (type, instructions, name, flags, attachType): a Descriptor of the loaded program
//
// instructions: bytes of struct bpf_insn, in which maps are named by their descriptors.
Napi::Value LoadProgram(const Napi::CallbackInfo &info) {
    const auto type = static_cast<enum bpf_prog_type>(UnsignedArgument(info, 0));
    const std::span<uint8_t> bytes = BytesArgument(info, 1);
    const std::string name = StringArgument(info, 2);
    const uint32_t flags = UnsignedArgument(info, 3);
    const auto attach_type = static_cast<enum bpf_attach_type>(UnsignedArgument(info, 4));
    if (bytes.empty() || bytes.size() % sizeof(struct bpf_insn) != 0)
        throw Napi::RangeError::New(info.Env(), "a program is a row of whole instructions of " +
                                                    std::to_string(sizeof(struct bpf_insn)) + " bytes");
    // JavaScript does not promise an alignment of the bytes.
    std::vector<struct bpf_insn> instructions(bytes.size() / sizeof(struct bpf_insn));
    std::memcpy(instructions.data(), bytes.data(), bytes.size());
    std::vector<char> log(kernel_log_size);
    // With a log buffer and the log level 0, libbpf asks for the log only where the kernel refuses the program.
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type, .prog_flags = flags, .log_level = 0,
                .log_size = static_cast<__u32>(log.size()), .log_buf = log.data());
    int fd = -1;
    {
        const HeldSignals held;
        fd = bpf_prog_load(type, name.c_str(), "Dual MIT/GPL", instructions.data(), instructions.size(), &options);
    }
    if (fd < 0) {
        Napi::Error error = SystemFailure(info.Env(), "load the program " + name, -fd);
        error.Set("verifierLog", Napi::String::New(info.Env(), log.data()));
        throw error;
    }
    return Descriptor::Own(info.Env(), fd, DescriptorKind::program);
}

// (program): the names of the maps that it uses. Needs CAP_SYS_ADMIN, as the maps are looked up by their numbers.
Napi::Value ProgramMapNames(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::program);
    __u32 ids[maps_max] = {};
    struct bpf_prog_info program = {};
    program.nr_map_ids = maps_max;
    program.map_ids = reinterpret_cast<uintptr_t>(ids);
    __u32 length = sizeof(program);
    if (bpf_obj_get_info_by_fd(fd, &program, &length) != 0)
        throw SystemFailure(info.Env(), "ask the kernel about a program", errno);
    Napi::Array names = Napi::Array::New(info.Env());
    for (uint32_t i = 0; i < program.nr_map_ids && i < maps_max; i++) {
        const int map_fd = bpf_map_get_fd_by_id(ids[i]);
        if (map_fd < 0)
            throw SystemFailure(info.Env(), "open the map with id " + std::to_string(ids[i]), errno);
        struct bpf_map_info map = {};
        length = sizeof(map);
        const int asked = bpf_obj_get_info_by_fd(map_fd, &map, &length);
        const int failure = errno;
        close(map_fd);
        if (asked != 0)
            throw SystemFailure(info.Env(), "ask the kernel about a map", failure);
        names.Set(names.Length(), std::string(map.name));
    }
    return names;
}

// (id): a Descriptor of the loaded program with that number
Napi::Value OpenProgramById(const Napi::CallbackInfo &info) {
    const int fd = bpf_prog_get_fd_by_id(UnsignedArgument(info, 0));
    if (fd < 0)
        throw SystemFailure(info.Env(), "open the program with id " + std::to_string(UnsignedArgument(info, 0)), errno);
    return Descriptor::Own(info.Env(), fd, DescriptorKind::program);
}

// (program, data, context, repeat, flags, batchSize): { returnValue, data, duration (ns a run), elapsed (ns in all) }
// flags and batchSize are those of BPF_PROG_TEST_RUN; context is struct xdp_md or __sk_buff as bytes, or empty.
Napi::Value TestRun(const Napi::CallbackInfo &info) {
    const int fd = DescriptorArgument(info, 0, DescriptorKind::program);
    const std::span<uint8_t> data = BytesArgument(info, 1);
    const std::span<uint8_t> context = BytesArgument(info, 2);
    const uint32_t flags = UnsignedArgument(info, 4);
    const bool live = (flags & BPF_F_TEST_XDP_LIVE_FRAMES) != 0;
    // Live frames leave through an interface, so there is no output to read.
    std::vector<uint8_t> output(live ? 0 : data.size() + output_headroom);

    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data.data(), .data_out = live ? nullptr : output.data(),
                .data_size_in = static_cast<__u32>(data.size()), .data_size_out = static_cast<__u32>(output.size()),
                .ctx_in = context.empty() ? nullptr : context.data(), .ctx_size_in = static_cast<__u32>(context.size()),
                .repeat = static_cast<int>(UnsignedArgument(info, 3)), .flags = flags,
                .batch_size = UnsignedArgument(info, 5));
    struct timespec start = {};
    struct timespec end = {};
    clock_gettime(CLOCK_MONOTONIC, &start);
    const int status = bpf_prog_test_run_opts(fd, &options);
    const int failure = errno;
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (status != 0)
        throw SystemFailure(info.Env(), "run the program on a packet of " + std::to_string(data.size()) + " bytes",
                            failure);

    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("returnValue", options.retval);
    result.Set("data", Napi::Buffer<uint8_t>::Copy(info.Env(), output.data(), live ? 0 : options.data_size_out));
    result.Set("duration", options.duration);
    result.Set("elapsed",
               static_cast<double>(end.tv_sec - start.tv_sec) * 1e9 + static_cast<double>(end.tv_nsec - start.tv_nsec));
    return result;
}

} // namespace

void DefineProgramFunctions(Napi::Env env, Napi::Object exports) {
    exports.Set("describeProgram", Napi::Function::New<DescribeProgram>(env, "describeProgram"));
    exports.Set("loadProgram", Napi::Function::New<LoadProgram>(env, "loadProgram"));
    exports.Set("openProgramById", Napi::Function::New<OpenProgramById>(env, "openProgramById"));
    exports.Set("programMapNames", Napi::Function::New<ProgramMapNames>(env, "programMapNames"));
    exports.Set("testRun", Napi::Function::New<TestRun>(env, "testRun"));
}

} // namespace ringcap
