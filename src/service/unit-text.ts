/** The text of a unit. */
import type { Service } from "./service.ts";
import { type Setting, type UnitSections, unitSections } from "./unit-settings.ts";

/** The file that `systemctl` looks for. */
export function unitFile({ name }: Pick<Service, "name">): string {
  return `ringcap-${name}.service`;
}

export function unitText(service: Service): string {
  const file = unitFile(service);
  const head = [
    `# /etc/systemd/system/${file}`,
    `# With the file there: systemctl daemon-reload && systemctl enable --now ${file}`,
    "# MemoryDenyWriteExecute= is left out: Node.js compiles JavaScript into memory that it then executes.",
  ];
  return `${head.join("\n")}\n${sectionsText(unitSections(service))}`;
}

export function sectionsText(sections: Partial<UnitSections>): string {
  return Object.entries(sections)
    .map(([name, settings]) => `\n[${name}]\n${settings.map(line).join("\n")}\n`)
    .join("");
}

function line([name, value]: Setting): string {
  return `${name}=${value}`;
}
