// The machines that qemu emulates, one for each architecture.

/**
 * @typedef {object} Machine
 * @property {string} triplet as Debian names folders of libraries
 * @property {string} loader the interpreter of its programs
 * @property {string} qemu
 * @property {readonly string[]} qemuPackages of Debian
 * @property {readonly string[]} arguments
 * @property {string} console
 */

/** @type {Readonly<Record<"amd64" | "arm64", Machine>>} */
export const machines = {
  amd64: {
    triplet: "x86_64-linux-gnu",
    loader: "lib64/ld-linux-x86-64.so.2",
    qemu: "qemu-system-x86_64",
    qemuPackages: ["qemu-system-x86"],
    arguments: ["-machine", "q35", "-cpu", "max", "-accel", "tcg,thread=multi"],
    console: "ttyS0",
  },
  arm64: {
    triplet: "aarch64-linux-gnu",
    loader: "lib/ld-linux-aarch64.so.1",
    qemu: "qemu-system-aarch64",
    qemuPackages: ["qemu-system-arm"],
    // Pointer authentication as the architecture defines it takes qemu most of its time. With a thread for each CPU, code
    // that V8 has written on one is now and then seen late by the other, and node ends by a failed check.
    arguments: ["-machine", "virt", "-cpu", "max,pauth-impdef=on", "-accel", "tcg,thread=single"],
    console: "ttyAMA0",
  },
};
