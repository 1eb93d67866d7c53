/** The packed package as another project finds it in its node_modules: no sources, no native addon, no dependencies. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run, runOrFail } from "../../support/run.ts";
import { temporaryDirectory } from "../../support/temporary.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** A project of its own that has the package. */
async function projectWithPackage(): Promise<string> {
  const project = temporaryDirectory();
  const target = join(project, "node_modules/ringcap");
  mkdirSync(target, { recursive: true });
  await runOrFail("npm", ["pack", "--ignore-scripts", "--pack-destination", project], { cwd: repository });
  const tarball = readdirSync(project).find((name) => name.endsWith(".tgz")) ?? "";
  await runOrFail("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"], { cwd: project });
  return project;
}

const program = `
import { type PcapPacket, PcapngWriter, PcapWriter } from "ringcap/pcap-writer";

const packet: PcapPacket = { timestamp: 1_500_000_000n, data: Uint8Array.of(0xaa, 0xbb), originalLength: 60 };
const writer = PcapWriter.create("out.pcap", { linkType: 1, precision: "nano" });
writer.write(packet);
writer.close();

const bytes: number[] = [];
const pcapng = new PcapngWriter({}, (piece) => bytes.push(...piece));
pcapng.write({ interfaceId: pcapng.addInterface({ linkType: 1 }), timestampNanoseconds: 1n, data: packet.data });
pcapng.flush();
if (bytes.length !== 28 + 32 + 36) throw new Error("a pcapng file of " + bytes.length + " bytes");
`;

test("another project imports ringcap/pcap-writer, with types, and writes a file", async () => {
  const project = await projectWithPackage();
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project, "program.ts"), program);
  const options = ["--strict", "--module", "nodenext", "--target", "es2023", "--lib", "es2023,esnext.disposable"];
  const tsc = [join(repository, "node_modules/typescript/bin/tsc"), ...options, "program.ts"];
  expect(await run(process.execPath, tsc, { cwd: project })).toMatchObject({ stdout: "", code: 0 });
  await runOrFail(process.execPath, ["program.js"], { cwd: project });
  expect(readFileSync(join(project, "out.pcap")).toString("hex")).toBe(
    ["4d3cb2a1020004000000000000000000", "0000040001000000", "010000000065cd1d020000003c000000", "aabb"].join(""),
  );
  const internal = await run(process.execPath, ["-e", 'import("ringcap/dist/errors.js")'], { cwd: project });
  expect(internal.stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
});
