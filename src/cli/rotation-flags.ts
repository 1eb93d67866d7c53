/**
 * The options -C, -G, -W, -z and others that say when a capture begins another file, and which finished files are kept.
 */
import { usageError } from "../errors.ts";
import { isRotating, type RotationOptions } from "../outputs/index.ts";
import { type AddOption, number, seconds, size } from "./option-adder.ts";
import { flagOf } from "./option-words.ts";

export interface RotationFlags {
  rotateSize?: number;
  rotateEvery?: number;
  rotatePackets?: number;
  keepFiles?: number;
  keepSize?: number;
  keepFree?: number;
  onFile?: string;
}

const ROTATION = "Rotation:";
/** The unit of a bare number of -C, which is a million bytes as in tcpdump. */
const MILLION = 1_000_000;

export function addRotationOptions(add: AddOption): void {
  add(
    ROTATION,
    "-C, --rotate-size <size>",
    "go on in another file after so many million bytes, or 500k, 64Mi, 1G",
    size(MILLION),
    {
      details: `Bytes count before they are compressed. A name of -w without % gets a number before its extension:
      syn_00001.pcap. While it is written, a file is called NAME.partial, and it gets its name when it is whole
      and on the disk.`,
    },
  );
  add(
    ROTATION,
    "-G, --rotate-every <time>",
    "and every 60 (seconds), 15m, 1h, at :00 of the clock; -w takes strftime's %",
    seconds,
    {
      details: `Local time counts: 15m begins files at :00, :15, :30 and :45. -w takes %Y, %m, %d, %H, %M, %S, %F, %T and
      others, and %n for the number of the file. A SIGHUP begins a new file at once.`,
    },
  );
  add(ROTATION, "--rotate-packets <n>", "and after n packets", number);
  add(ROTATION, "-W, --keep-files <n>", "keep n files: the oldest finished ones are removed", number, {
    details: `The capture goes on; --duration ends it. Only files that the same command could have made are removed.`,
  });
  add(ROTATION, "--keep-size <size>", "keep so many bytes of files: 500M, 20G", size(1), {
    details: "Room is made before packets are written. Without -C a file has half of it at most.",
  });
  add(ROTATION, "--keep-free <size>", "keep so many bytes of the file system free", size(1), {
    details: "Where no finished file can be removed, the capture ends with exit status 1.",
  });
  add(ROTATION, "-z, --on-file <program>", "run it with the name of each finished file, without a shell", {
    details: `Two run at a time at most, as the user that the capture has become. The capture waits for them at its end,
      and a failure makes the exit status 1.`,
  });
}

/**
 * Makes the options of the library; undefined where the capture is one file.
 *
 * @throws RingcapError USAGE without a file to write
 */
export function toRotation(flags: RotationFlags & { write?: string }): RotationOptions | undefined {
  const { rotateSize, rotateEvery, rotatePackets, keepFiles, keepSize, keepFree, onFile } = flags;
  const options = { rotateSize, rotateEvery, rotatePackets, keepFiles, keepSize, keepFree, onFile };
  if (!isRotating(options)) return undefined;
  if (flags.write === undefined) {
    const option = Object.entries(options).find(([, value]) => value !== undefined)?.[0] ?? "rotateSize";
    throw usageError(flagOf(option), "needs a file to write", "add -w x.pcap");
  }
  if (onFile === "") throw usageError("--on-file", "the name of the program is empty");
  return options;
}
