/** A file system that stops taking writes when a test says so, as one whose disk or server hangs. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./temporary.ts";

export interface FrozenDisk {
  readonly directory: string;
  freeze(): void;
  thaw(): void;
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
}

/** Mounts a new ext4 of so many MiB. Thawed and unmounted at the end of the test. Only inside a test, as root. */
export function mountDisk(size = 64): FrozenDisk {
  const base = temporaryDirectory();
  const image = join(base, "image");
  const directory = join(base, "disk");
  mkdirSync(directory);
  run("truncate", ["--size", `${size}M`, image]);
  run("mkfs.ext4", ["-q", image]);
  run("mount", ["-o", "loop", image, directory]);
  let frozen = false;
  const thaw = () => {
    if (frozen) run("fsfreeze", ["--unfreeze", directory]);
    frozen = false;
  };
  onTestFinished(() => {
    thaw();
    run("umount", ["--lazy", directory]);
  });
  return {
    directory,
    freeze: () => {
      run("fsfreeze", ["--freeze", directory]);
      frozen = true;
    },
    thaw,
  };
}
