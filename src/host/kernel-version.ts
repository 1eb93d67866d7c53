/**
 * The numbers of a kernel's release. They decide nothing that can be tried, because vendors carry newer parts over to
 * older kernels.
 */

export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
}

/** The numbers of a release such as "6.1.0-18-amd64"; undefined when it does not begin with any. */
export function parseKernelVersion(release: string): KernelVersion | undefined {
  const match = /^(\d+)\.(\d+)/.exec(release);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

export function isAtLeast(version: KernelVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}
