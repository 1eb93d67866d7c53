/** The names of libpcap. It is loaded when it is first needed, and most captures do not need it. */
import { errnoOf, RingcapError, type SystemFailure } from "../errors.ts";

/** The name in Debian, the name elsewhere, and the name of the development files. */
export const PCAP_LIBRARIES: readonly string[] = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so"];

/**
 * Calls `use` with the name of the first library that can be loaded.
 *
 * @param purpose what the library does here, for the error: "compiles filter expressions"
 * @param libraries names for dlopen(3), in the order in which they are tried
 * @throws RingcapError INSTALLATION when none of them can be loaded
 */
export function withPcapLibrary<T>(purpose: string, libraries: readonly string[], use: (library: string) => T): T {
  const obstacles: string[] = [];
  for (const library of libraries) {
    try {
      return use(library);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
      obstacles.push((error as SystemFailure).log ?? "");
    }
  }
  throw missingLibrary(purpose, obstacles);
}

function missingLibrary(purpose: string, obstacles: readonly string[]): RingcapError {
  const operation = `load libpcap, which ${purpose}`;
  // The error of a library that exists and cannot be loaded explains more than the errors of those that do not exist.
  const telling = obstacles.find((text) => !text.includes("No such file")) ?? "it is not installed";
  return new RingcapError(`${operation}: ${telling}`, {
    code: "INSTALLATION",
    operation,
    hint: "apt-get install libpcap0.8 (elsewhere the package is called libpcap); the filter options (`port`, `host`) work without it",
  });
}
