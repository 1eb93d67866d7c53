import { describe, expect, test } from "vitest";
import { checkFilterCompiler } from "../../src/doctor/filter-compiler.ts";
import { addon } from "../../src/native/addon.ts";
import { compilePcapFilter } from "../../src/native/pcap-filter.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runScript, workerSource } from "./script.ts";

const ethernet = { linkType: 1, byteOrder: "none", snapshotLength: 100, optimise: true, netmask: 0 } as const;
/** Of `ret #100`: code 6, no jumps, k. */
const matchAll = Buffer.from([6, 0, 0, 0, 100, 0, 0, 0]);

describeWith(requirements.tools("tcpdump"), "libpcap's compiler", () => {
  test("gives the instructions of an expression", () => {
    expect(compilePcapFilter("", ethernet)).toEqual({ code: matchAll });
  });

  test("says what it has against one", () => {
    expect(compilePcapFilter("tcp and", ethernet).complaint).toMatch(/syntax error/);
    expect(compilePcapFilter("tcp and udp", ethernet)).toEqual({ complaint: "expression rejects all packets" });
    expect(compilePcapFilter("tcp", { ...ethernet, linkType: 2_000_000 }).complaint).toMatch(/2000000/);
  });

  test("takes the next library when the first is absent", () => {
    expect(compilePcapFilter("", ethernet, ["libabsent.so.7", "libpcap.so.0.8"])).toEqual({ code: matchAll });
  });

  test("takes no expression with a zero inside, whose rest would be ignored", () => {
    expect(() => compilePcapFilter("tcp\0and nonsense", ethernet)).toThrow(/zero/);
  });

  test("takes no number that is none of a C int", () => {
    for (const number of [2 ** 31, 2 ** 32 - 1]) {
      expect(() => compilePcapFilter("", { ...ethernet, linkType: number })).toThrow(RangeError);
      expect(() => compilePcapFilter("", { ...ethernet, snapshotLength: number })).toThrow(RangeError);
    }
  });

  test("descends deeper than the stack of the process is", async () => {
    const expression = `host ${Array.from({ length: 500 }, (_, index) => index % 10).join(" or ")}`;
    const script = `console.log(addon.compilePcapFilter("libpcap.so.0.8", "${expression}", 1, 100, false, 0, "none").length > 0);`;
    const withKibibytesOfStack = ["sh", "-c", 'ulimit -s "$0" && exec "$@"', "400"];
    expect(await runScript(script, "", withKibibytesOfStack)).toMatchObject({ signal: null, stdout: "true\n" });
  });

  test("compiles in four workers at once, while the addon's main thread does too", async () => {
    const compile = `(expression) => addon.compilePcapFilter("libpcap.so.0.8", expression, 1, 100, true, 0, "none")`;
    const worker = `
      const compile = ${compile};
      let same = true;
      const first = compile("tcp port " + workerData).toString("hex");
      for (let i = 0; i < 300; i++) {
        same &&= compile("tcp port " + workerData).toString("hex") === first;
        same &&= typeof compile("tcp port") === "string";
      }
      parentPort.postMessage(same);`;
    const script = `
      const { Worker } = require("node:worker_threads");
      const { once } = require("node:events");
      const compile = ${compile};
      (async () => {
        const workers = [1, 2, 3, 4].map((each) => new Worker(${workerSource(worker)}, { eval: true, workerData: each }));
        const answers = workers.map((each) => once(each, "message"));
        for (let i = 0; i < 300; i++) compile("udp port 53");
        console.log(JSON.stringify((await Promise.all(answers)).flat()));
      })();`;
    expect(await runScript(script)).toEqual({ code: 0, signal: null, stdout: "[true,true,true,true]\n", stderr: "" });
  });
});

describe("without libpcap", () => {
  const compileWith = (...libraries: string[]) => compilePcapFilter("tcp", ethernet, libraries);

  test("an expression is refused with the name of the package", () => {
    expect(() => compileWith("libabsent.so.7", "libabsent.so")).toThrow(
      expect.objectContaining({
        code: "INSTALLATION",
        message: "load libpcap, which compiles filter expressions: it is not installed",
        hint: expect.stringContaining("apt-get install libpcap0.8"),
      }),
    );
  });

  test("a library that is there and cannot be loaded is what the refusal tells of", () => {
    expect(() => compileWith("libabsent.so.7", "libm.so.6")).toThrow(/libm\.so\.6: .*pcap_open_dead/);
    expect(() => compileWith("libabsent.so.7", "/dev/null")).toThrow(/\/dev\/null: /);
  });

  test("the doctor warns, and says how to install it", () => {
    expect(checkFilterCompiler(["libabsent.so.7"])).toMatchObject({
      status: "warning",
      finding: expect.stringContaining("libpcap"),
      remedy: expect.stringContaining("apt-get install libpcap0.8"),
    });
  });

  test("the addon is loaded without it", async () => {
    const script = `
      addon.possibleCpus();
      const loaded = () => require("node:fs").readFileSync("/proc/self/maps", "utf8").includes("libpcap");
      console.log(loaded());`;
    expect((await runScript(script)).stdout).toBe("false\n");
    expect(Object.keys(addon())).toContain("compilePcapFilter");
  });
});
