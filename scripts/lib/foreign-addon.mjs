// The addon for another architecture than this machine's.

/** @returns {string} path of the addon @throws {Error} */
export function buildAddon() {
  throw new Error("the addon is not built for arm64 yet");
}
