/** The directories of which a service sees nothing, unless a part of them is bound to it. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** What ProtectHome= hides (systemd.exec(5)). */
export const HOMES = ["/home", "/root", "/run/user"] as const;
/** What PrivateTmp= hides. */
export const TEMPORARY = ["/tmp", "/var/tmp"] as const;

export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => path === directory || path.startsWith(`${directory}/`));
}

export function isHidden(path: string): boolean {
  return isBelow(path, [...HOMES, ...TEMPORARY]);
}

/**
 * The directory of a program and of all that it imports: of an installed package the outermost node_modules, of a clone
 * the directory of its package.json, and of anything else its own.
 */
export function programDirectory(file: string): string {
  const [modules] = /^.*?\/node_modules(?=\/)/.exec(file) ?? [];
  if (modules !== undefined) return modules;
  for (let directory = dirname(file); directory !== "/"; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
  }
  return dirname(file);
}
