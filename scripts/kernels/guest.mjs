// What a guest boots with, of Debian's packages.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../lib/cache.mjs";
import { PackageSource } from "../lib/package-source.mjs";
import { baseArchive } from "./initramfs.mjs";
import { unpackKernel } from "./kernels.mjs";
import { machines } from "./machines.mjs";
import { foreignUserland, ownUserland } from "./userland.mjs";

/** Packages of Debian that make the archives of every guest. */
export const PACKAGES_OF_GUESTS = ["cpio", "busybox-static", "binutils", "xz-utils"];

/** @typedef {import("./kernels.mjs").Kernel} Kernel */

/** @param {Kernel} kernel */
export function isForeign({ architecture }) {
  return architecture !== "amd64";
}

/** @param {Kernel} kernel */
export function prepareGuest(kernel) {
  const machine = machines[kernel.architecture];
  const source = new PackageSource(cache, kernel.architecture);
  const folder = unpackKernel(kernel, source);
  const userland = isForeign(kernel) ? foreignUserland(source, cache) : ownUserland;
  const image = readdirSync(join(folder, "boot")).find((name) => name.startsWith("vmlinuz-")) ?? "";
  return { machine, image: join(folder, "boot", image), base: baseArchive(folder, machine, userland, cache) };
}
