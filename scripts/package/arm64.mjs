// The package on arm64: the same bare Debian in a machine that qemu emulates.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { boot } from "../kernels/boot.mjs";
import { PACKAGES_OF_GUESTS, prepareGuest } from "../kernels/guest.mjs";
import { kernels } from "../kernels/kernels.mjs";
import { machines } from "../kernels/machines.mjs";
import { installDebianPackages } from "../lib/debian-packages.mjs";
import { layRoot } from "./bare-root.mjs";

const KERNEL = "6.1-arm64";
const SECONDS_MAX = 900;

/** What the first process of the guest runs: see scripts/kernels/init.sh. */
const MAIN = `
const { spawnSync } = require("node:child_process");
const env = { ...process.env, IP_PROGRAM: "/usr/bin/ip" };
for (const module of ["veth", "sch_ingress", "cls_bpf"]) spawnSync("modprobe", [module]);
const { status } = spawnSync("sh", ["/enter-root.sh", "/debian"], { stdio: "inherit", env });
console.log("package: exit code " + status);
`;

/** @param {import("./index.mjs").Packed} packed @returns {Promise<string>} */
export async function checkEmulatedArm64({ tarball, signal }) {
  const kernel = kernels.find(({ name }) => name === KERNEL);
  if (kernel === undefined) throw new Error(`there is no kernel ${KERNEL}`);
  installDebianPackages([...PACKAGES_OF_GUESTS, ...machines.arm64.qemuPackages]);
  const lay = (/** @type {string} */ to) => {
    mkdirSync(join(to, "ringcap/dist/kernels"), { recursive: true });
    writeFileSync(join(to, "ringcap/dist/kernels/main.js"), MAIN);
    for (const name of ["enter-root.sh", "devices.sh"]) cpSync(join("scripts/package", name), join(to, name));
    mkdirSync(join(to, "debian"));
    layRoot("bookworm", "arm64", tarball, join(to, "debian"));
  };
  /** @type {string[]} */
  const lines = [];
  const guest = { ...prepareGuest(kernel), lay, seconds: SECONDS_MAX };
  const reason = await boot(guest, (line) => lines.push(line.replace(/\r$/, "")), signal);
  const end = lines.indexOf("package: exit code 0");
  if (end < 1) throw new Error([...lines, reason ?? ""].join("\n"));
  return lines[end - 1] ?? "";
}
