import { describe, expect, test } from "vitest";
import { FileNames } from "../../../src/outputs/file-names.ts";
import { run } from "../../support/run.ts";

/** 2023-11-14 22:13:20 UTC. */
const SECOND = 1_700_000_000;

describe("the names of a rotated capture", () => {
  test.each([
    ["x.pcap", "x_00007.pcap"],
    ["x", "x_00007"],
    ["x.pcap.gz", "x_00007.pcap.gz"],
    ["x.pcapng.zst", "x_00007.pcapng.zst"],
    [".pcap", ".pcap_00007"],
    [".pcap.gz", ".pcap_00007.gz"],
    ["10.0.0.1", "10.0.0.1_00007"],
    ["flow-%n-x.pcap", "flow-00007-x.pcap"],
    ["100%%.pcap", "100%_00007.pcap"],
    ["100%%n.pcap", "100%n_00007.pcap"],
  ])("of %s have a number: %s", (template, name) => {
    const names = new FileNames(template, true);
    expect(names.nameOf(SECOND, 7)).toBe(name);
    expect(names.isNumbered).toBe(true);
    expect(names.isFinished(name)).toBe(true);
    expect(names.isPartial(`${name}.partial`)).toBe(true);
    expect(names.isPartial(`${name}.2.partial`)).toBe(true);
    expect(names.isFinished(`${name}.partial`)).toBe(false);
    expect(names.highestNumber([name, `${name}.partial`, "other"])).toBe(7);
  });

  test("are counted on behind the highest number, unless it is so high that counting would end", () => {
    const names = new FileNames("x.pcap", true);
    const present = ["x_00041.pcap", `x_${Number.MAX_SAFE_INTEGER}.pcap`, "x_1000000000000.pcap"];
    expect(names.highestNumber(present)).toBe(41);
    expect(names.highestNumber([...present, "x_999999999999.pcap"])).toBe(999_999_999_999);
  });

  test("of the clock have one only where a name comes again", () => {
    const names = new FileNames("d/x-%s.pcap", false);
    expect(names.isNumbered).toBe(false);
    expect([1, 2].map((times) => names.nameOf(SECOND, times))).toEqual([
      "x-1700000000.pcap",
      "x-1700000000_00002.pcap",
    ]);
    expect(names.pathOf("x")).toBe("d/x");
    expect(names.isFinished("x-1700000000_00002.pcap")).toBe(true);
  });

  test("of the clock and the size have the number beside the time", () => {
    expect(new FileNames("x-%s.pcap", true).nameOf(SECOND, 12)).toBe("x-1700000000_00012.pcap");
  });

  test("say the local time as date(1) does", async () => {
    const format = "%Y %C %y %m %d %j %H %I %M %S %u %w %s %a %A %b %B %h %p %z %F %T %R %%";
    for (const second of [0, 86_399, SECOND, 1_709_164_800, 1_735_689_599, 1_751_328_000]) {
      const { stdout } = await run("date", ["-d", `@${second}`, `+${format}`], {
        env: { ...process.env, LC_ALL: "C" },
      });
      const names = new FileNames(format, false);
      expect(names.nameOf(second, 1)).toBe(stdout.trimEnd());
      expect(names.isFinished(stdout.trimEnd())).toBe(true);
    }
  });

  test.each([
    "x_1.pcap",
    "x_000007.pcap",
    "x_0000a.pcap",
    "x_00007.pcapng",
    "ax_00007.pcap",
    "x_00007.pcap.bak",
    "x-00007.pcap",
  ])("are not %s", (other) => {
    const names = new FileNames("x.pcap", true);
    expect(names.isFinished(other)).toBe(false);
    expect(names.highestNumber([other])).toBe(0);
  });

  test.each([
    ["x-%Q.pcap", /"%Q" is no part of a name/],
    ["x-%D.pcap", /"%D" is no part of a name/],
    ["x-%", /"%" is no part of a name/],
    ["%Y/x.pcap", /names directories by the time/],
    ["d/x.pcap/", /is the name of a directory/],
  ])("refuse %s", (template, message) => {
    expect(() => new FileNames(template, false)).toThrow(
      expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) }),
    );
  });
});
