/** A command that `ringcap service check` runs in a namespace. */
import { expect, test } from "vitest";
import { NamespaceRunner } from "../../src/service/check/namespace-runner.ts";
import type { Service } from "../../src/service/service.ts";
import { describeWith, requirements } from "../support/privileges.ts";

const STUBBORN: Service = {
  name: "stubborn",
  words: [],
  program: ["/bin/sh", "-c", "trap '' TERM; echo begun >&2; exec sleep infinity"],
  user: undefined,
  needs: {
    ...{ command: "connections", capabilities: [], writes: [], reads: [], program: undefined },
    ...{ opensPacketSockets: false, readsProcesses: false, network: "none", reloads: false },
  },
};

describeWith([requirements.root, requirements.namespaces], "a service that is checked", () => {
  test("is killed when it does not end by SIGTERM", async () => {
    const stop = new AbortController();
    const onLine = (line: string) => line === "begun" && stop.abort();
    const settings = { applied: new Set(["DynamicUser"]), further: [] };
    const outcome = await new NamespaceRunner(60_000, 50).attempt(STUBBORN, settings, onLine, stop.signal);
    expect(outcome).toMatchObject({ isReady: false, exitCode: undefined });
  });
});
