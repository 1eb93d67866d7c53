import { expect, test } from "vitest";
import type { Service, ServiceNeeds } from "../../../src/service/service.ts";
import { unitSections } from "../../../src/service/unit-settings.ts";

const NEEDS: ServiceNeeds = {
  command: "watch",
  capabilities: ["CAP_NET_RAW"],
  writes: [],
  reads: [],
  program: undefined,
  opensPacketSockets: false,
  readsProcesses: false,
  network: "none",
  reloads: false,
};

/** What the unit says of some settings; undefined where it does not have one. */
function settings(needs: Partial<ServiceNeeds>, service: Partial<Service> = {}) {
  const program = ["/usr/bin/node", "/usr/lib/node_modules/ringcap/bin/ringcap.cjs"];
  const whole = { name: "web", words: ["watch"], program, user: undefined, needs: { ...NEEDS, ...needs }, ...service };
  return Object.fromEntries(unitSections(whole).Service);
}

test.each<[Partial<ServiceNeeds>, Record<string, string | undefined>]>([
  [
    {},
    { CapabilityBoundingSet: "CAP_NET_RAW", AmbientCapabilities: "CAP_NET_RAW", DynamicUser: "yes", User: undefined },
  ],
  [{}, { RestrictAddressFamilies: "AF_UNIX AF_NETLINK AF_INET", IPAddressDeny: "any", IPAddressAllow: undefined }],
  [{ network: "loopback" }, { IPAddressDeny: "any", IPAddressAllow: "localhost" }],
  [{ network: "any" }, { IPAddressDeny: undefined, RestrictAddressFamilies: "AF_UNIX AF_NETLINK AF_INET AF_INET6" }],
  [{ opensPacketSockets: true }, { RestrictAddressFamilies: "AF_UNIX AF_NETLINK AF_INET AF_PACKET" }],
  [{ readsProcesses: true }, { ProtectProc: undefined }],
  [{ readsProcesses: false }, { ProtectProc: "invisible" }],
  [{ reloads: true }, { ExecReload: "/bin/kill -HUP $MAINPID" }],
  [{ reloads: false }, { ExecReload: undefined }],
  [{ command: "watch" }, { TimeoutStartSec: "infinity" }],
  [{ command: "capture" }, { TimeoutStartSec: undefined }],
  [{ writes: ["/srv/x"] }, { ReadWritePaths: "/srv/x", BindPaths: undefined, ProtectHome: "yes" }],
  [{ writes: ["/home/a/x"] }, { ReadWritePaths: undefined, BindPaths: "/home/a/x", ProtectHome: "tmpfs" }],
  [{ writes: ["/srv/x", "/tmp/y"] }, { ReadWritePaths: "/srv/x", BindPaths: "/tmp/y", ProtectHome: "yes" }],
  [{ writes: ["/tmp/x"] }, { BindPaths: "/tmp/x", ProtectHome: "yes" }],
])("%j gives %j", (needs, expected) => {
  for (const [name, value] of Object.entries(expected)) expect(settings(needs)[name]).toBe(value);
});

test("a user who is there takes the place of one of systemd's making", () => {
  const user = { name: "alice", user: 1000, group: 1000, groups: [1000] };
  expect(settings({}, { user })).toMatchObject({ User: "alice" });
  expect(settings({}, { user })).not.toHaveProperty("DynamicUser");
});

test("Node.js and ringcap in a home are bound to the service, with what ringcap imports", () => {
  const program = ["/root/.nvm/v22/bin/node", "/root/.nvm/v22/lib/node_modules/ringcap/bin/ringcap.cjs"];
  const { Service: all } = unitSections({ name: "web", words: ["watch"], program, user: undefined, needs: NEEDS });
  expect(all).toContainEqual(["ProtectHome", "tmpfs"]);
  expect(all.filter(([name]) => name === "BindReadOnlyPaths")).toEqual([
    ["BindReadOnlyPaths", "/root/.nvm/v22/bin"],
    ["BindReadOnlyPaths", "/root/.nvm/v22/lib/node_modules"],
  ]);
});

test("nothing denies memory that is written and then executed, which Node.js needs", () => {
  expect(settings({})).not.toHaveProperty("MemoryDenyWriteExecute");
});
