/** The lines of the built command line beside those of tcpdump, for the same file and the same letters. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixtures } from "../support/agreement.ts";
import { startRingcap } from "../support/cli.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";

const rows: readonly string[] = [
  "-n",
  "-nn -l",
  "-nnvvXSs0",
  "-ntttt",
  "-nttttt -e",
  "-nttt -q",
  "-tt -#n",
  "-nxx -vK",
  "-neA",
];

describeWith([requirements.tools("tcpdump")], "packet lines", () => {
  test.each(rows)("with %s are those of tcpdump", async (words) => {
    const file = join(fixtures, "handshakes.pcap");
    const letters = words.split(" ");
    const { stdout, code } = await startRingcap(["replay", "--engine", "user", ...letters, file, "tcp", "port", "80"])
      .exit;
    const judge = await runOrFail("tcpdump", [...letters, "-r", file, "tcp", "port", "80"]);
    expect(code).toBe(0);
    expect(judge.stdout.split("\n").length).toBeGreaterThan(10);
    expect(stdout.toString()).toBe(judge.stdout);
  });
});
