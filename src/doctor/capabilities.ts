/** Whether this process has the capabilities that capturing takes (capabilities(7)). */

import type { Capability, ProcessPrivileges } from "../host/process-privileges.ts";
import { shellWord } from "../options/index.ts";
import type { Check, CheckStatus } from "./check.ts";

interface Need {
  readonly capability: Capability;
  readonly purpose: string;
  /** What the process cannot do without it. */
  readonly without: CheckStatus;
  /** Whether CAP_SYS_ADMIN stands in for it (include/linux/capability.h, bpf_capable() and perfmon_capable()). */
  readonly impliedBySysAdmin: boolean;
}

const NEEDS: readonly Need[] = [
  { capability: "CAP_BPF", purpose: "to load programs", without: "missing", impliedBySysAdmin: true },
  { capability: "CAP_NET_ADMIN", purpose: "to attach them", without: "missing", impliedBySysAdmin: true },
  { capability: "CAP_PERFMON", purpose: "to capture at XDP", without: "warning", impliedBySysAdmin: true },
  {
    capability: "CAP_NET_RAW",
    purpose: "for --promiscuous, --hook packet and send",
    without: "warning",
    impliedBySysAdmin: false,
  },
];

const NAMES = NEEDS.map(({ capability }) => capability);

/** How this process, started by `node`, gets what it lacks. */
function remedyFor({ root, inInitialUserNamespace }: ProcessPrivileges, node: string): string {
  if (!inInitialUserNamespace) {
    return "run it outside the user namespace: a rootless container cannot load BPF programs, whatever it is given";
  }
  if (root) {
    const flags = NAMES.map((capability) => `--cap-add ${capability.replace("CAP_", "")}`).join(" ");
    return `root has been denied them here; in a container: docker run --network host ${flags}`;
  }
  return `run it as root, or give them to a node for a group alone: ${groupsNode(node)}`;
}

/** The path of a copy of node that the members of a group run with the capabilities. */
const GROUP = "ringcap";
const GROUPS_NODE = "/usr/local/bin/ringcap-node";

/** Capabilities on the system's own node would belong to every user, because any user may have it run any program. */
function groupsNode(node: string): string {
  const names = NAMES.map((capability) => capability.toLowerCase()).join(",");
  const copying = [
    `sudo groupadd --force ${GROUP}`,
    `sudo install -m 0750 -g ${GROUP} ${shellWord(node)} ${GROUPS_NODE}`,
  ];
  const commands = [...(node === GROUPS_NODE ? [] : copying), `sudo setcap ${names}+ep ${GROUPS_NODE}`];
  const use = `${GROUPS_NODE} "$(command -v ringcap)"`;
  return `\`${commands.join(" && ")}\`; \`sudo usermod -aG ${GROUP} NAME\` lets a user, who logs in anew, run \`${use}\` in the place of ringcap. Whoever is in the group runs any script with them; for Wireshark \`sudo ringcap extcap install --grant ${GROUP}\` gives a group the capture alone`;
}

/** @param node the file of the node binary */
export function checkCapabilities(privileges: ProcessPrivileges, node: string): Check {
  const name = "capabilities";
  const remedy = remedyFor(privileges, node);
  if (!privileges.inInitialUserNamespace) {
    return { name, status: "missing", finding: "those of a user namespace do not count for bpf(2)", remedy };
  }
  const has = (capability: Capability) => privileges.capabilities.has(capability);
  const lacking = NEEDS.filter(
    ({ capability, impliedBySysAdmin }) => !has(capability) && !(impliedBySysAdmin && has("CAP_SYS_ADMIN")),
  );
  if (lacking.length === 0) {
    const naming = has("CAP_SYS_ADMIN") ? "" : " (not CAP_SYS_ADMIN, which naming the programs of others takes)";
    return { name, status: "ok", finding: `all that capturing takes${naming}` };
  }
  const finding = `no ${lacking.map(({ capability, purpose }) => `${capability} (${purpose})`).join(", ")}`;
  const status = lacking.some(({ without }) => without === "missing") ? "missing" : "warning";
  return { name, status, finding, remedy };
}
