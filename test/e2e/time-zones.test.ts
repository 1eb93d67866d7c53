/** Local time by every form of TZ, judged by `tcpdump -r` and date(1). */
import { join } from "node:path";
import { expect, test } from "vitest";
import { startRingcap } from "../support/cli.ts";
import { ethernet, ipv4, udp } from "../support/frames.ts";
import { writePcap } from "../support/pcap-fixture.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** Seconds: both sides of the changes of 2024 in Europe, America and New Zealand, and the ends of what pcap holds. */
const SECONDS = [
  ...[0, 1, 1_704_067_200, 1_720_000_000, 2_524_608_000, 4_102_444_800, 4_294_967_295],
  ...[1_711_846_799, 1_711_846_800, 1_729_990_799, 1_729_990_800, 1_710_053_999, 1_710_054_000],
  ...[1_712_412_000 - 1, 1_712_412_000, 1_727_532_000 - 1, 1_727_532_000],
];

const ZONES = [
  "CET-1CEST,M3.5.0,M10.5.0/3",
  "NZST-12NZDT,M9.5.0,M4.1.0/3",
  "EST5EDT4,J60/1:30,J300",
  "AAA3BBB,59,299/26",
  "<+0530>-5:30",
  "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
  "XXX-14:59:59",
  ...["EST5EDT", "UTC0", "Europe/Berlin", ":Europe/Berlin", "Asia/Kathmandu"],
  ...["/usr/share/zoneinfo/America/New_York", ":/usr/share/zoneinfo/America/New_York"],
  ...["", ":", "No/Such", "/no/such/file", "nonsense,,,", "CET-1CEST,M13.9.9"],
];

/** tcpdump 4.99 prints no later ones. */
const TCPDUMP_END = 2 ** 31;

const timeOf = (line: string) => line.split(" ")[0] ?? "";

describeWith(requirements.tools("tcpdump"), "the time at the beginning of a line", () => {
  test.each(ZONES)("is tcpdump's where TZ is %j", async (zone) => {
    const path = join(temporaryDirectory(), "times.pcap");
    const data = ethernet({ payload: ipv4({ payload: udp() }) });
    writePcap(
      path,
      SECONDS.map((second) => ({ data, timestamp: BigInt(second) * 1_000_000_000n })),
    );
    const environment = { ...process.env, TZ: zone };
    const { stdout } = await startRingcap(["replay", path], { env: { TZ: zone } }).exit;
    const tcpdump = await runOrFail("tcpdump", ["-n", "-r", path], { env: environment });
    const times = stdout.toString().trimEnd().split("\n").map(timeOf);
    const byTcpdump = tcpdump.stdout.trimEnd().split("\n").map(timeOf);
    const isShown = (_: string, index: number) => (SECONDS[index] ?? 0) < TCPDUMP_END;
    expect(times.filter(isShown)).toEqual(byTcpdump.filter(isShown));
    const date = await runOrFail("date", ["-f", "-", "+%H:%M:%S.000000"], {
      env: environment,
      input: SECONDS.map((second) => `@${second}\n`).join(""),
    });
    expect(times).toEqual(date.stdout.trimEnd().split("\n"));
  });
});
