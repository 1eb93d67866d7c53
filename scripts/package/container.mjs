// The container image and the DaemonSet of packaging/: nothing is built. The steps of the Containerfile run in a bare Debian,
// and the command of the DaemonSet runs in what came of it, with the pod's rights and no others.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { layRoot } from "./bare-root.mjs";
import { checkManifests } from "./kubernetes-schema.mjs";

const CONTAINERFILE = "packaging/Containerfile";
const DAEMONSET = "packaging/kubernetes/daemonset.yaml";

/** @typedef {{ readonly name: string, readonly text: string }} Instruction */

/** @param {import("./index.mjs").Packed} packed @returns {Promise<string>} */
export async function checkContainer({ tarball, folder }) {
  const manifests = parseAllDocuments(readFileSync(DAEMONSET, "utf8")).map((document) => document.toJS());
  await checkManifests(manifests, folder);
  const root = mkdtempSync(join(folder, "image-"));
  try {
    layRoot("bookworm", "amd64", tarball, root);
    const { entrypoint, steps } = runSteps(root, tarball);
    const pod = manifests.find(({ kind }) => kind === "DaemonSet").spec.template.spec;
    const found = enter(root, [...entrypoint, ...pod.containers[0].args], pod.containers[0]);
    return `${steps} steps of the Containerfile, ${manifests.length} manifests, and ${found}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs what a builder would run. @param {string} root @param {string} tarball */
function runSteps(root, tarball) {
  let steps = 0;
  /** @type {string[]} */
  let entrypoint = [];
  for (const file of ["resolv.conf", "hosts"]) copyFileSync(`/etc/${file}`, join(root, "etc", file));
  for (const { name, text } of instructionsOf(readFileSync(CONTAINERFILE, "utf8"))) {
    if (name === "RUN") chroot(root, ["sh", "-ec", text]);
    else if (name === "COPY" && text.endsWith("} /tmp/ringcap.tgz"))
      copyFileSync(tarball, join(root, "tmp/ringcap.tgz"));
    else if (name === "WORKDIR") mkdirSync(join(root, text), { recursive: true });
    else if (name === "ENTRYPOINT") entrypoint = JSON.parse(text);
    else if (!["ARG", "CMD", "FROM"].includes(name)) throw new Error(`nothing runs ${name} ${text}`);
    steps++;
  }
  return { entrypoint, steps };
}

/** @param {string} text @returns {Instruction[]} */
function instructionsOf(text) {
  const lines = text.replaceAll(/\\\n/g, " ").split("\n");
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: rest };
    });
}

/** @param {string} root @param {string[]} words */
function chroot(root, words) {
  const script = `mount -t proc proc "$1/proc"; sh scripts/package/devices.sh "$1/dev"; root=$1; shift; exec chroot "$root" /usr/bin/env -i HOME=/root DEBIAN_FRONTEND=noninteractive PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"`;
  const unshare = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script, "sh", root, ...words];
  execFileSync("unshare", unshare, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", maxBuffer: 1 << 26 });
}

/**
 * Runs the command of the pod with its securityContext, in a network namespace with a veth of its own, until its probe answers.
 *
 * @param {string} root @param {string[]} words
 * @param {any} container of the pod
 */
function enter(root, words, { securityContext, startupProbe, volumeMounts }) {
  const { capabilities, runAsUser, runAsGroup, allowPrivilegeEscalation, readOnlyRootFilesystem } = securityContext;
  const caps = ["-all", ...capabilities.add.map((/** @type {string} */ name) => `+${name.toLowerCase()}`)].join(",");
  const rights = [
    `--reuid=${runAsUser}`,
    `--regid=${runAsGroup}`,
    "--clear-groups",
    `--bounding-set=${caps}`,
    `--inh-caps=-all`,
  ];
  if (allowPrivilegeEscalation === false) rights.push("--no-new-privs");
  const { host, path, port } = startupProbe.httpGet;
  const probe = join(root, "probe.mjs");
  writeFileSync(probe, PROBE);
  const enterWords = [
    "sh",
    "scripts/package/enter-container.sh",
    root,
    volumeMounts[0].mountPath,
    String(readOnlyRootFilesystem),
    `http://${host}:${port}${path}`,
    rights.join(" "),
    ...words,
  ];
  const output = execFileSync("unshare", ["--mount", "--net", "--pid", "--fork", "--kill-child", ...enterWords], {
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    timeout: 60_000,
  });
  return output.trimEnd().split("\n").at(-1) ?? "";
}

/** Starts the words behind the URL, and ends them when the URL answers and says that packets are captured. */
const PROBE = `
import { spawn } from "node:child_process";
const [url, program, ...words] = process.argv.slice(2);
const child = spawn(program, words, { stdio: ["ignore", "inherit", "inherit"] });
const begin = performance.now();
let code;
child.once("exit", (status, signal) => { code = status ?? signal; });
while (code === undefined) {
  const text = await fetch(url).then((answer) => answer.text()).catch(() => "");
  if (/^ringcap_interface_attached\\{.*\\} 1$/m.test(text)) {
    console.log("the probe of the pod after " + ((performance.now() - begin) / 1000).toFixed(2) + " s");
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
    process.exit(child.exitCode ?? 1);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
console.error("the command ended with " + code + " before its probe answered");
process.exit(1);
`;
