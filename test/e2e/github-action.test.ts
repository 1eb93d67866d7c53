/** The action for GitHub (packaging/github), run as the runner runs it, and the suite of examples/ci. */

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { describe, expect, test } from "vitest";
import { type ActionOptions, readAction, runAction, toolbox } from "../support/github-runner.ts";
import { describeWith, requirements } from "../support/privileges.ts";
import { runOrFail } from "../support/run.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const action = "packaging/github/action.yml";

/** A ringcap that writes its arguments into the report. */
const ECHO = '#!/bin/sh\necho "<testsuites>"\nfor word; do echo "$word"; done\n';

/** A workspace with the example, and a path with the given commands. */
async function job(commands: Readonly<Record<string, string>> = { ringcap: resolve("bin/ringcap.cjs") }) {
  const directory = temporaryDirectory();
  const workspace = join(directory, "workspace");
  cpSync("examples/ci", workspace, { recursive: true });
  for (const path of [directory, workspace]) chmodSync(path, 0o777);
  const tools = await toolbox(join(directory, "tools"), commands);
  const start = (inputs: ActionOptions["inputs"], prefix?: readonly string[]) =>
    runAction(action, { workspace, tools, inputs, ...(prefix === undefined ? {} : { prefix }) });
  return { directory, workspace, start };
}

/** The lines of a log in which the runner sees a command, beside those that turn its commands off and on. */
const commandsIn = (log: string) => {
  const token = /^::stop-commands::(\w+)$/m.exec(log)?.[1];
  const text =
    token === undefined ? log : log.replace(new RegExp(`^::stop-commands::${token}$.*^::${token}::$`, "ms"), "");
  return text.split("\n").filter((line) => /^\s*::|##\[/.test(line));
};

describe("packaging/github/action.yml", () => {
  test("is an action by the published schema, and the example's workflow is a workflow", () => {
    expect(validateAction(readFileSync(action, "utf8")).errors).toEqual([]);
    expect(validateWorkflow(readFileSync("examples/ci/.github/workflows/captures.yml", "utf8")).errors).toEqual([]);
  });

  test("hands every input over in the environment, and none in the text of a command", () => {
    const { inputs, runs } = readAction(action);
    expect(runs.steps.map(({ run }) => run).join()).not.toContain("${{");
    const handed = runs.steps.flatMap(({ env }) => Object.values(env));
    expect(handed.sort()).toEqual(
      Object.keys(inputs)
        .map((name) => `\${{ inputs.${name} }}`)
        .sort(),
    );
  });
});

describeWith(requirements.tools("python3"), "the step of the action", () => {
  test("runs the suite, and leaves a report that other programs read", async () => {
    const { workspace, start } = await job();
    const { code, stdout, outputs, summary } = await start({ suites: "captures/suite.json\n\n", engine: "user" });
    expect(stdout).toContain("ringcap verify: 2 cases, exit status 0\n");
    expect(code).toBe(0);
    const report = join(workspace, "ringcap-junit.xml");
    expect(Object.fromEntries(outputs)).toEqual({ status: "0", engine: "user", report });
    expect(summary).toContain("2 cases, exit status 0, engine user\n");
    const script =
      "import sys, xml.etree.ElementTree as e; print(*(c.get('name') for c in e.parse(sys.argv[1]).iter('testcase')), sep='\\n')";
    const names = (await runOrFail("python3", ["-c", script, report])).stdout;
    expect(names).toBe("the SYNs of the flood\nthe connections of the web server\n");
  });

  test("names what differs, and lets no name of a case speak to the runner or the summary", async () => {
    const { workspace, start } = await job();
    const suite = join(workspace, "captures/suite.json");
    const text = readFileSync(suite, "utf8").replace('"packets": 54', '"packets": 55');
    writeFileSync(suite, text.replace("the SYNs of the flood", "::error::x ##[error]x </pre>`<img>`"));
    const { code, stdout, outputs, summary } = await start({ suites: "captures/suite.json", engine: "user" });
    expect(code).toBe(4);
    expect(outputs.get("status")).toBe("4");
    expect(stdout).toContain("54 packets match, expected 55\n");
    expect(commandsIn(stdout)).toEqual([]);
    expect(summary).toContain("    failed: ::error::x ##[error]x </pre>`<img>`");
    // Outside of the heading and the counts, everything is in the indented block.
    expect(
      summary
        .split("\n")
        .slice(3)
        .every((line) => line === "" || line.startsWith("    ")),
    ).toBe(true);
  });

  test("takes hostile inputs for what they are: names of files, and arguments", async () => {
    const { workspace, directory, start } = await job();
    const before = readFileSync(join(workspace, "captures/suite.json"));
    const hostile = ["$(touch pwned)", "`touch pwned`", "; touch pwned", "--update", "a'b\"c"];
    const { code, outputs } = await start({
      suites: ["captures/suite.json", ...hostile].join("\n"),
      report: "reports/$(touch pwned) `x` ;.xml",
      arguments: "--timeout\n60s",
      engine: "user",
    });
    expect(code).toBe(3);
    expect(outputs.get("report")).toBe(join(workspace, "reports/$(touch pwned) `x` ;.xml"));
    const report = readFileSync(outputs.get("report") ?? "", "utf8");
    for (const name of ["$(touch pwned)", "; touch pwned", "--update"]) expect(report).toContain(`name="${name}"`);
    expect(readFileSync(join(workspace, "captures/suite.json"))).toEqual(before);
    expect([workspace, directory].flatMap((path) => readdirSync(path))).not.toContain("pwned");
  });

  test.each([
    ["suites", " \n", "no suite file is named"],
    ["engine", "user; touch pwned", "it is auto, kernel or user"],
    ["version", "1.0.0 --registry=https://example.com", "it is a version"],
    ["version", "npm:other", "it is a version"],
    ["report", "x.xml\nstatus=0", "without line ends"],
    ["report", "/dev/tcp/192.0.2.1/80", "it is no device"],
    ["report", "to-devices/absent", "it is no device"],
    ["report", "to-devices/null", "it is no device"],
    ["report", "captures", "it is no file"],
    ["report", "pipe", "it is no file"],
  ])("refuses %s: %j, and says why", async (name, value, reason) => {
    const { workspace, start } = await job({ ringcap: ECHO });
    symlinkSync("/dev", join(workspace, "to-devices"));
    await runOrFail("mkfifo", [join(workspace, "pipe")]);
    const { code, stdout, outputs } = await start({ suites: "captures/suite.json", [name]: value });
    expect(code).toBe(2);
    expect(stdout).toMatch(new RegExp(`^::error title=ringcap verify::${name}: .*${reason}.*\\n$`));
    expect(outputs.size).toBe(0);
    expect(existsSync(join(workspace, "pwned"))).toBe(false);
  });

  test("installs the wanted version where there is no ringcap, and takes that of the workspace before", async () => {
    const npm = `#!/bin/sh\nprintf '%s\\n' "$@" > npm-arguments\nmkdir -p "$3/node_modules/.bin"\ncp fake "$3/node_modules/.bin/ringcap"\n`;
    const { workspace, start } = await job({ npm });
    writeFileSync(join(workspace, "fake"), ECHO.replace("<testsuites>", "<testcase name='x'/>"), { mode: 0o755 });
    const installed = await start({ suites: "captures/suite.json", version: "1.2.3-rc.1", engine: "user" });
    expect(installed.code).toBe(0);
    expect(installed.summary).toContain("\n1 case, exit status 0, engine user\n");
    expect(readFileSync(join(workspace, "npm-arguments"), "utf8").split("\n")).toContain("ringcap@1.2.3-rc.1");
    mkdirSync(join(workspace, "node_modules/.bin"), { recursive: true });
    writeFileSync(
      join(workspace, "node_modules/.bin/ringcap"),
      ECHO.replace("<testsuites>", "the one of the workspace"),
      {
        mode: 0o755,
      },
    );
    await start({ suites: "captures/suite.json", engine: "user" });
    expect(readFileSync(join(workspace, "ringcap-junit.xml"), "utf8")).toMatch(/^the one of the workspace\n/);
  });

  test("says what to do where npm cannot install ringcap", async () => {
    const { start } = await job({ npm: "#!/bin/sh\nexit 1\n" });
    const { code, stdout, outputs } = await start({ suites: "captures/suite.json", engine: "user" });
    expect(stdout).toMatch(/^::error title=ringcap verify::.*npm could not install it: add it to devDependencies\n$/);
    expect(code).toBe(2);
    expect(outputs.size).toBe(0);
  });
});

describeWith([requirements.root, requirements.tools("setpriv")], "the step of the action as a user", () => {
  const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const argumentsOf = (workspace: string) =>
    readFileSync(join(workspace, "ringcap-junit.xml"), "utf8").split("\n").slice(1, -1);

  test("decides on the host where there is no sudo, and says so", async () => {
    const { workspace, start } = await job({ ringcap: ECHO });
    const { code, stdout, outputs } = await start({ suites: "captures/suite.json" }, nobody);
    expect(code).toBe(0);
    expect(commandsIn(stdout)).toEqual([expect.stringMatching(/^::notice title=ringcap verify::sudo .* on the host/)]);
    expect(outputs.get("engine")).toBe("user");
    expect(argumentsOf(workspace)).toEqual([
      "verify",
      "--engine",
      "user",
      "--reporter",
      "junit",
      "--",
      "captures/suite.json",
    ]);
    const refused = await start({ suites: "captures/suite.json", engine: "kernel" }, nobody);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain("engine: user decides the same without it");
  });

  test("asks sudo, which finds the ringcap and the node of the user's path", async () => {
    const sudo = '#!/bin/sh\n[ "$1" = -n ] && shift\necho "$@" > sudo-arguments\nexec env -i "$@"\n';
    const { workspace, start } = await job({ ringcap: ECHO, sudo });
    const { code, stdout } = await start({ suites: "captures/suite.json", engine: "kernel" }, nobody);
    expect(stdout).toContain("exit status 0\n");
    expect(code).toBe(0);
    expect(readFileSync(join(workspace, "sudo-arguments"), "utf8")).toMatch(
      /^env PATH=\S+ \S+ verify --engine kernel /,
    );
    expect(argumentsOf(workspace)).toContain("kernel");
  });
});
