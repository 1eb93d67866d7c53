// The kernels of the matrix, and how each is found among Debian 12's packages.

/**
 * @typedef {object} Kernel
 * @property {string} name as `--kernel` takes it
 * @property {"amd64" | "arm64"} architecture as Debian names it
 * @property {"usual" | "rt" | "arm64"} set which option asks for it; the usual ones need none
 * @property {{ metapackage: string } | { pattern: string }} package
 */

/** @type {readonly Kernel[]} */
export const kernels = [
  { name: "6.1", architecture: "amd64", set: "usual", package: { metapackage: "linux-image-cloud-amd64" } },
  { name: "6.12", architecture: "amd64", set: "usual", package: { pattern: newest("cloud-amd64") } },
  { name: "6.1-rt", architecture: "amd64", set: "rt", package: { metapackage: "linux-image-rt-amd64" } },
  { name: "6.12-rt", architecture: "amd64", set: "rt", package: { pattern: newest("rt-amd64") } },
  { name: "6.1-arm64", architecture: "arm64", set: "arm64", package: { metapackage: "linux-image-cloud-arm64" } },
  { name: "6.12-arm64", architecture: "arm64", set: "arm64", package: { pattern: newest("cloud-arm64") } },
  { name: "6.12-arm64-16k", architecture: "arm64", set: "arm64", package: { pattern: newest("arm64-16k") } },
];

/** @param {string} flavour */
function newest(flavour) {
  return `^linux-image-6\\.12\\.[0-9]+\\+deb12-${flavour}$`;
}

/**
 * The unpacked package.
 *
 * @param {Kernel} kernel
 * @param {import("../lib/package-source.mjs").PackageSource} source
 */
export function unpackKernel({ package: wanted }, source) {
  const name = "metapackage" in wanted ? source.kernelOf(wanted.metapackage) : source.newest(wanted.pattern);
  return source.unpacked([name]);
}
