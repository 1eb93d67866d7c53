/** The hints that the tables do not follow: what cannot be done here, and what another test does. */
import type { UntriedHint } from "./row.ts";

const OTHER_KERNEL = "it takes another kernel";
const WHOLE_HOST = "it changes the whole host, which is not the test's";
const PROVOKED = "nothing provokes it here";

export const untriedHints: readonly UntriedHint[] = [
  {
    hint: "type --compress gzip, or run it with Node.js 22.15 or later",
    because: "it takes a Node.js without zstd, and one with it",
  },
  ...[
    "type ringcap -i <interface> -w <file> -- <command>",
    "what stands behind -- is a command; an expression stands in front of it",
    "write a file or a named pipe",
  ].map((hint) => ({ hint, because: "test/e2e/capture-command.test.ts captures in all these ways" })),
  ...["chmod +x …, if it is a program", "name one that is there: -- sh …; a line that ends in CR LF names none"].map(
    (hint) => ({ hint, because: "test/unit/cli/command-failure.test.ts does both" }),
  ),
  {
    hint: "move it away, or choose a name with %n, or with the date and time: %Y%m%d-%H%M%S",
    because: "test/native/rotation.test.ts puts a file in the way while a capture goes on",
  },
  {
    hint: "free some space, or keep less of it free",
    because: "test/native/rotation.test.ts asks for what is not free",
  },
  {
    hint: "give the directory to that user, name another one by --user, or stay as you are: --user none",
    because: "test/e2e/rotation.test.ts does all three",
  },
  ...[
    "use --hook tc",
    "use Linux 5.8 or later",
    "use Linux 5.18 or later",
    "use a kernel built with CONFIG_BPF_SYSCALL=y",
    "use a kernel with BTF (CONFIG_DEBUG_INFO_BTF=y)",
    "use --hook tc, or Linux 5.18 or later",
    "use --hook xdp, or a kernel built with CONFIG_NET_CLS_ACT=y",
    "mount /sys, or use a kernel built with CONFIG_DEBUG_INFO_BTF=y",
    "Linux 6.6 or later cleans up by itself",
    "use --hook xdp",
    "use --hook tc, or a filter expression",
    "use --hook xdp, or a filter expression",
    "`ringcap connections` shows processes, too",
    "this kernel is built without BPF: `ringcap doctor` says what is missing",
    "the kernel does not know all of what was asked: `ringcap doctor` says what is missing",
    "the kernel may be too old for it: `ringcap doctor` says what is missing",
    'the kernel … has no module … here: install the package of its other modules (linux-modules-extra, kernel-modules-extra), or use `hook: "xdp"`',
    "a process may lock … bytes here, which rings count against before Linux 5.11: `ulimit -l unlimited` before it",
    "ulimit -l unlimited",
    '`tc qdisc show` says what is there: a qdisc `ingress`, or a block of filters that interfaces share, has no place for it before Linux 6.6; `hook: "packet"` works beside both',
    "the kernel is locked down (…): kernel_lockdown(7) says what that refuses, and how it is lifted",
    "the process has every capability for it: a security module (SELinux, AppArmor) refuses it, and `dmesg` says which",
  ].map((hint) => ({ hint, because: OTHER_KERNEL })),
  ...[
    "sysctl -w net.core.bpf_jit_enable=1",
    "the program needs the JIT compiler: `sysctl -w net.core.bpf_jit_enable=1`",
    "the whole system has as many files open as it may: raise the limit with `sysctl fs.file-max`",
    "the user watches as many descriptors as allowed: raise the limit with `sysctl fs.epoll.max_user_watches`",
    "apt-get install libpcap0.8 (elsewhere the package is called libpcap); the filter options (`port`, `host`) work without it",
    "in a clone run `npm run setup`; otherwise install the package again",
    "in a clone run `npm run setup`; a package has it for glibc Linux on x64 and arm64 (this is … …)",
  ].map((hint) => ({ hint, because: WHOLE_HOST })),
  ...[
    "please report it with the output of `ringcap doctor`",
    "a limit of the kernel is reached: `ulimit -a` and the limits of the control group say which",
    "the kernel could not create a map of the program: it has no memory for it, or is too old",
    "the kernel has no memory for it: make the rings smaller with `bufferSize`",
    "the filter is more than the verifier goes through: a shorter expression or fewer kinds of filters load",
    "without CAP_PERFMON the verifier is stricter: run it as root; otherwise …",
    "a seccomp filter, of a container or of systemd, refuses bpf(2): it has to allow it",
    "…; `bpftool net` lists them",
    "choose another directory",
    "leave out `user`: the capabilities are given up all the same",
    'with `user: "none"` the process keeps them',
    "send it through a pipe: `| cat`",
    'the interface has as many programs at TC as the kernel takes, 63: `bpftool net` shows them; `hook: "packet"` works beside them',
    "of a veth, the other end went down, or lost its XDP program or GRO",
    "ask less of it",
    "start it with `adjustableSampling: true`",
    "ports from 1024 on are for everybody",
    "npm install …, beside ringcap",
    "inbound, outbound and ifindex can be asked of captures only",
  ].map((hint) => ({ hint, because: PROVOKED })),
  ...[
    ...[
      "add one: --trigger 20000/s",
      "add one: -w incidents",
      "add -Q inout",
      "take another rule, or another filter",
      "use `…`",
      "chmod o-w …, or name a directory that nobody else can write to",
      "name a directory, in which each incident makes its own",
      "name one",
      "one incident has up to … bytes: keep more, or lower --incident-size",
      "write to a directory that no other program changes",
    ].map((hint) => [hint, "test/e2e/watch.test.ts"]),
    ["…; if it should go: `ip link set dev … … off`", "test/kernel/doctor.test.ts"],
    [
      "another program has it: `ss -ltnp sport = :…` says which, and --metrics 0 takes a free one",
      "test/unit/flood/metrics/metrics-server.test.ts",
    ],
    [
      "this host does not have the address: `ip address` shows those that it has",
      "test/unit/flood/metrics/metrics-server.test.ts",
    ],
    [
      "write 9100 for this host alone, 0.0.0.0:9100 or [::]:9100 for all addresses, or one address: [::1]:9100",
      "test/unit/flood/metrics/listen-address.test.ts",
    ],
    ["use --hook tc, or `ethtool -K … rxvlan off`", "test/kernel/doctor.test.ts"],
    ["run it as root, or give them to a node for a group alone: …", "test/kernel/doctor.test.ts"],
    [
      "root has been denied them here; in a container: docker run --network host …",
      "test/unit/doctor/capabilities.test.ts",
    ],
    ["the kernel's modules are not loaded: `modprobe -a …`", "test/kernels/jobs/doctor.ts"],
    [
      "a process may have … descriptors open here, which are too few: `ulimit -n 1024` before it",
      "test/e2e/cannot-start.test.ts",
    ],
    [
      "mount it, outside of `ip netns exec`: `mkdir -p /run/cgroup2 && mount -t cgroup2 none /run/cgroup2`",
      "test/e2e/hints.test.ts",
    ],
  ].map(([hint = "", test = ""]) => ({ hint, because: `${test} does it` })),
];
