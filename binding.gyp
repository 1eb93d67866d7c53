{
  "targets": [
    {
      "target_name": "ringcap",
      "sources": [
        "native/addon.cc",
        "native/arguments.cc",
        "native/clock.cc",
        "native/clsact.cc",
        "native/clsact_filters.cc",
        "native/descriptor.cc",
        "native/failure.cc",
        "native/features.cc",
        "native/file_lock.cc",
        "native/frame_edits.cc",
        "native/host_filter.cc",
        "native/host_filter_program.cc",
        "native/host_link.cc",
        "native/interface_watch.cc",
        "native/interface_drops.cc",
        "native/interface_names.cc",
        "native/interfaces.cc",
        "native/kernel_replay.cc",
        "native/link.cc",
        "native/live_frames.cc",
        "native/live_run.cc",
        "native/map.cc",
        "native/network_sets.cc",
        "native/object.cc",
        "native/pack.cc",
        "native/packet_drain.cc",
        "native/packet_socket.cc",
        "native/paced_clock.cc",
        "native/pcap_capture.cc",
        "native/pcap_filter.cc",
        "native/pcap_lane.cc",
        "native/pcap_library.cc",
        "native/pcap_merge.cc",
        "native/program.cc",
        "native/program_chain.cc",
        "native/promiscuous.cc",
        "native/readiness.cc",
        "native/record_drain.cc",
        "native/ring.cc",
        "native/ring_reader.cc",
        "native/static_libraries.c",
        "native/tracing.cc",
        "native/watchdog.cc"
      ],
      "include_dirs": ["<!@(node -p \"require('node-addon-api').include_dir\")", "bpf"],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS", "NODE_ADDON_API_CPP_EXCEPTIONS_ALL", "NODE_ADDON_API_DISABLE_DEPRECATED", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17"],
      "cflags_c": ["-Wall", "-Wextra", "-Werror"],
      "cflags_cc": ["-std=c++20", "-fexceptions", "-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"],
      "ldflags": ["-Wl,--exclude-libs,ALL"],
      "libraries": ["<(SHARED_INTERMEDIATE_DIR)/libbpf.a", "-l:libelf.a", "-l:libz.a"],
      "actions": [
        {
          "action_name": "make libbpf.a linkable into a shared object",
          "inputs": ["<!(${CC:-gcc} -print-file-name=libbpf.a)"],
          "outputs": ["<(SHARED_INTERMEDIATE_DIR)/libbpf.a"],
          "action": ["<!(echo ${OBJCOPY:-objcopy})", "--redefine-sym", "stderr=ringcap_stderr", "<@(_inputs)", "<@(_outputs)"]
        }
      ]
    }
  ]
}
