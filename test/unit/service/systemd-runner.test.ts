/** The unit of a check, which is started, stopped and cleaned, is that of no service, and neither is its state. */
import { expect, test } from "vitest";
import { checkedService, checkText, endOf } from "../../../src/service/check/systemd-runner.ts";
import { stateDirectory } from "../../../src/service/service.ts";
import { unitFile } from "../../../src/service/unit-text.ts";

const needs = {
  ...({ command: "connections", capabilities: [], writes: [], reads: [], program: undefined } as const),
  ...({ opensPacketSockets: false, readsProcesses: false, network: "none", reloads: false } as const),
};
const web = { name: "web", words: ["connections"], program: ["/usr/bin/ringcap"], user: undefined, needs };

test("the check of a service does not touch the service, nor the one that is named after it", () => {
  const tried = checkedService(web);
  for (const name of ["web", "web-check"]) {
    expect(unitFile(tried)).not.toBe(unitFile({ name }));
    expect(stateDirectory(tried)).not.toBe(stateDirectory({ name }));
  }
  expect(tried.name).toContain(".");
  expect(tried).toEqual({ ...web, name: tried.name });
});

test("an empty directory stands for the directory of -w, whether the unit shows it or makes it writable", () => {
  for (const writes of ["/srv/a:b", "/tmp/a:b"]) {
    const service = { ...web, needs: { ...needs, writes: [writes] } };
    const applied = new Set(["BindPaths", "ReadWritePaths"]);
    const text = checkText(service, { applied, further: [] }, "/run/messages", new Map([[writes, `${writes}/.x`]]));
    const escaped = writes.replace(":", "\\:");
    // Where the check is killed, systemd ends what it has started.
    expect(text).toMatch(/^RuntimeMaxSec=30s$/m);
    expect(text.match(/^BindPaths=.*$/gm)).toEqual([`BindPaths=${escaped}/.x:${escaped}`]);
  }
});

test.each([
  ["exit-code", 1, 2, { exitCode: 2, endedBy: undefined }],
  ["signal", 2, 31, { exitCode: undefined, endedBy: "SIGSYS" }],
  ["core-dump", 3, 11, { exitCode: undefined, endedBy: "SIGSEGV" }],
  ["timeout", 2, 15, { exitCode: undefined, endedBy: undefined }],
])("a process that ended by %s (%i, %i)", (result, code, status, end) => {
  expect(endOf(`Result=${result}\nExecMainCode=${code}\nExecMainStatus=${status}\n`)).toEqual(end);
});
