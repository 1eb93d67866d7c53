import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Check, Diagnosis, InterfaceDiagnosis } from "../../src/doctor/index.ts";
import { installCopy } from "../support/installation.ts";
import { TestNetwork } from "../support/network.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { run } from "../support/run.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const foreignObject = join(root, "dist/bpf/capture.bpf.o");
const needed = [requirements.root, requirements.bpf, requirements.namespaces];
const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];

interface DoctorRun {
  readonly code: number | null;
  readonly diagnosis: Diagnosis & { version: number };
}

interface DoctorPlace {
  /** Words before the node binary. */
  readonly prefix?: readonly string[];
  readonly node?: string;
  /** Where the package is. */
  readonly directory?: string;
}

async function doctor(place: DoctorPlace): Promise<DoctorRun> {
  const { code, stdout, stderr } = await ringcap(place, "doctor", "--json");
  expect(stderr).toBe("");
  return { code, diagnosis: JSON.parse(stdout) };
}

function interfaceList(place: DoctorPlace) {
  return ringcap(place, "-D");
}

function ringcap({ prefix = [], node = process.execPath, directory = root }: DoctorPlace, ...words: string[]) {
  const [command = "", ...args] = [...prefix, node, join(directory, "dist/bundle/main.cjs"), ...words];
  return run(command, args);
}

/** The command line, and the node that runs it, where every user may read them. */
function installedCopy(): { directory: string; node: string } {
  const { directory } = installCopy();
  const node = join(directory, "node");
  copyFileSync(process.execPath, node);
  return { directory, node };
}

function find<Named extends { readonly name: string }>(list: readonly Named[], name: string): Named {
  const found = list.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no "${name}" among ${list.map((candidate) => candidate.name).join(", ")}`);
  return found;
}

const checkOf = ({ checks }: { readonly checks: readonly Check[] }, name: string) => find(checks, name);
const v0Of = ({ diagnosis }: DoctorRun): InterfaceDiagnosis => find(diagnosis.interfaces, "v0");

/** What iproute2 sees in the XDP slot of v0. */
async function occupantSeenByIp(network: TestNetwork): Promise<{ id: number; name: string } | undefined> {
  const { stdout } = await network.exec("b", "ip", ["-json", "-details", "link", "show", "v0"]);
  const [link] = JSON.parse(stdout) as [{ xdp?: { prog: { id: number; name: string } } }];
  return link.xdp?.prog;
}

describeWith([...needed, requirements.tools("ip", "tc", "ethtool")], "doctor, as root", () => {
  test("finds that this machine can capture, and describes the interfaces of its own namespace only", async () => {
    await using network = await TestNetwork.create({ mtu: 1600 });
    await network.addTun("b", "tun5");
    expect((await network.exec("b", "tc", ["qdisc", "add", "dev", "v0", "clsact"])).code).toBe(0);
    const filter = [
      "filter",
      "add",
      "dev",
      "v0",
      "egress",
      "prio",
      "3",
      "bpf",
      "da",
      "obj",
      foreignObject,
      "sec",
      "tc",
    ];
    expect((await network.exec("b", "tc", filter)).code).toBe(0);
    const result = await doctor({ prefix: network.commandIn("b") });
    expect(result).toMatchObject({ code: 0, diagnosis: { version: 1, canCapture: true } });
    const filters = ["filters at XDP", "filters at TC", "expressions at XDP", "expressions at TC"];
    const commands = ["processes of packets", "sending at top speed", "following connections"];
    for (const name of ["capabilities", "ring buffer maps", "capture program at TC", ...filters, ...commands]) {
      expect(checkOf(result.diagnosis, name)).toMatchObject({ status: "ok" });
    }
    expect(result.diagnosis.interfaces.map(({ name }) => name).sort()).toEqual(["lo", "tun5", "v0"]);
    expect(v0Of(result)).toMatchObject({ up: true, mtu: 1600, hooks: ["xdp", "tc"], xdpOccupant: null });
    expect(v0Of(result).tcPrograms).toEqual([
      expect.objectContaining({ direction: "out", place: "clsact", kind: "bpf", priority: 3 }),
    ]);
    expect(checkOf(v0Of(result), "TC programs").finding).toMatch(
      /^at TC out: capture_tc_\w+ \(program \d+, priority 3\)$/,
    );
    expect(find(result.diagnosis.interfaces, "tun5")).toMatchObject({ linkType: { name: "RAW" }, hooks: ["tc"] });
    const [lo] = result.diagnosis.interfaces.filter(({ loopback }) => loopback);
    expect(lo && checkOf(lo, "state")).toMatchObject({ status: "warning", remedy: "ip link set dev lo up" });
  });

  test.each([
    ["native", "xdpdrv"],
    ["generic", "xdpgeneric"],
  ])("names the %s XDP program of another tool, and its remedy takes it off", async (mode, word) => {
    await using network = await TestNetwork.create();
    const prefix = network.commandIn("b");
    const attached = await network.exec("b", "ip", ["link", "set", "v0", word, "obj", foreignObject, "sec", "xdp"]);
    expect(attached.code).toBe(0);
    const id = (await occupantSeenByIp(network))?.id;
    expect(id).toBeGreaterThan(0);

    const busy = await doctor({ prefix });
    expect(busy.code).toBe(0);
    expect(v0Of(busy).xdpOccupant).toEqual({ mode, programId: id, programName: "capture_xdp" });
    const check = checkOf(v0Of(busy), "XDP slot");
    expect(check).toMatchObject({ status: "warning", finding: `taken by capture_xdp (program ${id}, ${mode})` });
    const lines = (await interfaceList({ prefix })).stdout.split("\n");
    expect(lines.find((line) => line.includes(".v0 "))).toContain(`taken by capture_xdp (program ${id}, ${mode})`);

    const command = /`(ip link [^`]+)`/.exec(check.remedy ?? "")?.[1] ?? "false";
    expect((await network.exec("b", "sh", ["-c", command])).code).toBe(0);
    expect(await occupantSeenByIp(network)).toBeUndefined();
    expect(checkOf(v0Of(await doctor({ prefix })), "XDP slot").status).toBe("ok");
  });

  test("names the process whose link holds the XDP slot", async () => {
    await using network = await TestNetwork.create();
    const prefix = network.commandIn("b");
    const index = (await network.exec("b", "cat", ["/sys/class/net/v0/ifindex"])).stdout.trim();
    const hold = `
      const { BpfObject } = await import("${join(root, "dist/native/object.js")}");
      const object = BpfObject.openBuiltIn("capture");
      object.load();
      globalThis.link = object.program("capture_xdp").attach(${index}, 37);
      console.log("attached");
      setInterval(() => {}, 60_000);`;
    const child = network.spawn("b", process.execPath, ["--input-type=module", "-e", hold]);
    await new Promise((resolve, reject) => {
      child.stdout.once("data", resolve);
      child.once("close", () => reject(new Error("it ended")));
    });
    const busy = v0Of(await doctor({ prefix }));
    expect(busy.xdpOccupant?.holder?.processId).toBe(child.pid);
    expect(checkOf(busy, "XDP slot").finding).toContain(`held by process ${child.pid} (`);
  });

  test("tells of VLAN tags that are taken out, and its remedy leaves them in", async () => {
    await using network = await TestNetwork.create();
    const prefix = network.commandIn("b");
    await network.exec("b", "ethtool", ["-K", "v0", "rxvlan", "on"]);
    const check = checkOf(v0Of(await doctor({ prefix })), "VLAN tags");
    expect(check.status).toBe("warning");
    const command = /`(ethtool [^`]+)`/.exec(check.remedy ?? "")?.[1] ?? "false";
    await network.exec("b", "sh", ["-c", command]);
    expect(checkOf(v0Of(await doctor({ prefix })), "VLAN tags").status).toBe("ok");
  });
});

describeWith([...needed, requirements.tools("unshare", "mount")], "doctor, where a part is missing", () => {
  test("says that connections cannot be followed without the kernel's BTF, and that capturing works", async () => {
    const hide = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', "sh"];
    const { code, diagnosis } = await doctor({ prefix: hide });
    expect(code).toBe(0);
    expect(checkOf(diagnosis, "kernel BTF")).toMatchObject({
      status: "warning",
      finding: expect.stringMatching(/not there.*ringcap connections/),
    });
    expect(checkOf(diagnosis, "capture program at XDP").status).toBe("ok");
  });

  test("says how to install the addon", async () => {
    const copy = installCopy();
    rmSync(join(copy.directory, "build"), { recursive: true });
    const { code, diagnosis } = await doctor(copy);
    expect(code).toBe(1);
    expect(diagnosis).toMatchObject({ canCapture: false, interfaces: [] });
    expect(checkOf(diagnosis, "native addon")).toMatchObject({
      status: "missing",
      remedy: expect.stringContaining("npm run setup"),
    });
  });
});

describeWith([...needed, requirements.tools("setpriv", "setcap", "groupadd")], "doctor, as an ordinary user", () => {
  test("says which capabilities are missing, and guesses at nothing that needs them", async () => {
    await using network = await TestNetwork.create();
    const place = { ...installedCopy(), prefix: [...network.commandIn("b"), ...nobody] };
    const result = await doctor(place);
    expect(result).toMatchObject({ code: 1, diagnosis: { canCapture: false } });
    const { diagnosis } = result;
    expect(checkOf(diagnosis, "capabilities")).toMatchObject({
      status: "missing",
      finding: expect.stringMatching(/CAP_BPF.*CAP_NET_ADMIN.*CAP_PERFMON.*CAP_NET_RAW/),
    });
    for (const name of ["ring buffer maps", "XDP programs", "TC programs", "capture program at XDP"]) {
      expect(checkOf(diagnosis, name)).toMatchObject({ status: "warning", finding: "not known without privileges" });
    }
    expect(v0Of(result)).toMatchObject({ linkType: { name: "EN10MB" }, xdpOccupant: null });
    expect((await interfaceList(place)).stdout).toMatch(/^\d+\.v0 \[Up, Running, link-type EN10MB, xdp, tc\]$/m);
  });

  test("is content with the node that its remedy makes, which no other user may run", async () => {
    const place = installedCopy();
    const { remedy = "" } = checkOf((await doctor({ ...place, prefix: nobody })).diagnosis, "capabilities");
    const commands = /`(sudo groupadd [^`]+)`/.exec(remedy)?.[1] ?? "false";
    expect(commands).toContain(place.node);
    const groupsNode = commands.split(" ").at(-1) ?? "";
    // What it makes is gone with the namespace of mounts. setpriv starts its command with the rights of root to files, env(1) has none.
    const follow = `
      mount -t tmpfs none /mnt && cp -a /etc /mnt/etc && mount --bind /mnt/etc /etc && mount -t tmpfs none /usr/local/bin
      { ${commands.replaceAll("sudo ", "")}; } >&2 || exit
      exec setpriv --reuid=65534 --regid=65534 $0 env "$@"`;
    const as = (groups: string) => ["unshare", "-m", "sh", "-c", follow, groups];
    const { code, diagnosis } = await doctor({ ...place, prefix: as("--groups=ringcap"), node: groupsNode });
    for (const name of ["capabilities", "ring buffer maps", "capture program at XDP", "capture program at TC"]) {
      expect(checkOf(diagnosis, name)).toMatchObject({ status: "ok" });
    }
    expect(code).toBe(0);
    const stranger = await run("unshare", [...as("--clear-groups").slice(1), groupsNode, "--version"]);
    expect(stranger).toMatchObject({ code: 126, stderr: expect.stringContaining("Permission denied") });
  });
});
