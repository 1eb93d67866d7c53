/**
 * The script that lies in Wireshark's folder. Wireshark asks it once for the interfaces, and then for the options of
 * each, before it shows anything. A start of Node.js for each of these questions would take seconds, so that the shell
 * answers them, with no other program.
 */
import { CLOSED_INSPECTOR } from "../host/closed-inspector.ts";
import { linkTypes } from "../packets/index.ts";
import { type ExtcapHook, NAME_PREFIX, titleOf } from "./interface-name.ts";
import { describeWidgets, fields } from "./widgets.ts";

/** The file in the folder. */
export const LAUNCHER_NAME = "ringcap";

/** The second line of each script, by which ringcap knows its own. */
const MARK =
  "# The way from Wireshark to ringcap: written by `ringcap extcap install`, removed by `ringcap extcap remove`.";

export interface LauncherParts {
  readonly version: string;
  /** The absolute path of Node.js. */
  readonly node: string;
  /** The absolute path of what Node.js runs. */
  readonly script: string;
  /** The absolute path of the program that has the capabilities, for users who may run it. */
  readonly granted: string;
}

/** The numbers that the data link types have in libpcap on Linux (pcap/dlt.h), where they are not those of files. */
const DATA_LINK_TYPES: ReadonlyMap<number, number> = new Map([[101, 12]]);

export function isLauncher(text: string): boolean {
  return text.split("\n", 2)[1] === MARK;
}

export function launcherText({ version, node, script, granted }: LauncherParts): string {
  const arms = linkTypeArms();
  return `#!/bin/sh
${MARK}
node=${quoted(node)}
script=${quoted(script)}
granted=${quoted(granted)}

# Sets what an interface's packets begin with. The kernel tells it by a number.
read_type() {
  type=
  { read -r type <"/sys/class/net/$1/type"; } 2>/dev/null
}

interfaces() {
  [ -x "$node" ] && [ -e "$script" ] || return
  say ${quoted(`extcap ${fields({ version, display: "ringcap" })}`)}
  for directory in /sys/class/net/* /sys/class/net/.[!.]* /sys/class/net/..?*; do
    device=\${directory##*/}
    # Braces end a field of what Wireshark reads.
    case $device in *[{}]*) continue ;; esac
    read_type "$device"
    case $type in
${arms.map(({ pattern, hooks }) => `      ${pattern}) ${hooks.map(interfaceLine).join("; ")} ;;`).join("\n")}
    esac
  done
}

link_types() {
  device=\${1#${NAME_PREFIX}}
  read_type "\${device%-*}"
  case $type in
${arms.map(({ pattern, dlt }) => `    ${pattern}) say ${quoted(dlt)} ;;`).join("\n")}
  esac
}

options() {
  case $1 in
${(["xdp", "tc"] as const).map((hook) => `    *-${hook}) say ${describeWidgets(hook).map(quoted).join(" \\\n      ")} ;;`).join("\n")}
  esac
}

say() { printf '%s\\n' "$@"; }

question= interface= before=
for word do
  case $before in
    --extcap-interface) interface=$word before= ;;
    *)
      before=$word
      case $word in --capture|--extcap-interfaces|--extcap-dlts|--extcap-config) question=\${question:-$word} ;; esac
      ;;
  esac
done
case $question in
  --extcap-interfaces) interfaces; exit 0 ;;
  --extcap-dlts) link_types "$interface"; exit 0 ;;
  --extcap-config) options "$interface"; exit 0 ;;
esac
if [ ! -x "$node" ] || [ ! -e "$script" ]; then
  say "ringcap: error: $node or $script is not there any more" \\
    'ringcap: run "ringcap extcap install" again' >&2
  exit 1
fi
if [ -x "$granted" ] && [ "$(id -u)" != 0 ]; then exec "$granted" "$@"; fi
exec "$node" ${CLOSED_INSPECTOR} "$script" extcap run "$@"
`;
}

/** Returns what the shell does for the interfaces of each link type. */
function linkTypeArms() {
  return linkTypes().map(({ hardwareTypes, link }) => {
    const { linkType, name, description: display, linkLayer } = link;
    const hooks: readonly ExtcapHook[] = linkLayer === "ethernet" ? ["xdp", "tc"] : ["tc"];
    const number = DATA_LINK_TYPES.get(linkType) ?? linkType;
    return { pattern: hardwareTypes.join("|"), hooks, dlt: `dlt ${fields({ number, name, display })}` };
  });
}

function interfaceLine(hook: ExtcapHook): string {
  return `say "interface ${fields({ value: `${NAME_PREFIX}$device-${hook}`, display: titleOf({ device: "$device", hook }) })}"`;
}

/** Quotes a text for the shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
