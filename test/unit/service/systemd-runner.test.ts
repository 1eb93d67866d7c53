/** The unit of a check, which is started, stopped and cleaned, is that of no service, and neither is its state. */
import { expect, test } from "vitest";
import { checkedService } from "../../../src/service/check/systemd-runner.ts";
import { stateDirectory } from "../../../src/service/service.ts";
import { unitFile } from "../../../src/service/unit-text.ts";

test("the check of a service does not touch the service, nor the one that is named after it", () => {
  const needs = {
    ...({ command: "connections", capabilities: [], writes: [], reads: [], program: undefined } as const),
    ...({ opensPacketSockets: false, readsProcesses: false, network: "none", reloads: false } as const),
  };
  const web = { name: "web", words: ["connections"], program: ["/usr/bin/ringcap"], user: undefined, needs };
  const tried = checkedService(web);
  for (const name of ["web", "web-check"]) {
    expect(unitFile(tried)).not.toBe(unitFile({ name }));
    expect(stateDirectory(tried)).not.toBe(stateDirectory({ name }));
  }
  expect(tried.name).toContain(".");
  expect(tried).toEqual({ ...web, name: tried.name });
});
