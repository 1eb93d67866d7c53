import { expect, test } from "vitest";
import type { AttemptSettings, Runner } from "../../../src/service/check/attempt.ts";
import { findCause } from "../../../src/service/check/find-cause.ts";
import type { Service } from "../../../src/service/service.ts";
import { unitSections } from "../../../src/service/unit-settings.ts";

const service: Service = {
  name: "web",
  words: ["watch"],
  program: ["/usr/bin/node", "/usr/lib/node_modules/ringcap/bin/ringcap.cjs"],
  user: undefined,
  needs: {
    command: "watch",
    capabilities: ["CAP_BPF"],
    writes: [],
    reads: [],
    program: undefined,
    opensPacketSockets: false,
    readsProcesses: false,
    network: "none",
    reloads: false,
  },
};
const all = new Set(unitSections(service).Service.map(([name]) => name));

function find(begins: (settings: AttemptSettings) => boolean) {
  const runner: Runner = {
    by: "the test",
    known: undefined,
    attempt: async (_, settings) => ({ isReady: begins(settings), seconds: 0, exitCode: 1, endedBy: undefined }),
  };
  return findCause(service, runner, all, new AbortController().signal);
}

test.each<[string | undefined, (settings: AttemptSettings) => boolean]>([
  [undefined, () => false],
  ["it begins without the unit's ProtectHome=", ({ applied }) => !applied.has("ProtectHome")],
  ["it begins without the unit's IPAddressDeny=", ({ applied }) => !applied.has("IPAddressDeny")],
  ["it begins without the unit's ProtectClock=", ({ applied }) => !applied.has("ProtectClock")],
  [
    "it begins with CAP_NET_RAW in the unit's CapabilityBoundingSet= and AmbientCapabilities=",
    ({ applied, further }) => !applied.has("CapabilityBoundingSet") || further.includes("CAP_NET_RAW"),
  ],
  [
    "it begins with more capabilities than the unit's CapabilityBoundingSet= and AmbientCapabilities= have",
    ({ applied }) => !applied.has("CapabilityBoundingSet"),
  ],
  [
    "several lines of the unit keep it from that: it begins without all of them",
    ({ applied }) => !applied.has("ProtectHome") && !applied.has("ProtectSystem"),
  ],
])("%s", async (cause, begins) => {
  expect(await find(begins)).toBe(cause);
});
