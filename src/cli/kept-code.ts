/**
 * Code that V8 made of a file in an earlier run, kept beside the file, as Python keeps its .pyc files. Compiling the command
 * line anew takes a third of the time of a start.
 *
 * Whoever writes such code can make the process do anything. It is therefore read only where nobody can have written it
 * but the user of this process and root, and for root nobody but root. V8 itself refuses code of another V8, of other
 * flags, and of a source of another length (node:vm, "cachedData"), but takes damaged code and crashes. The file holds
 * everything twice for that reason, because comparing two halves takes less time than a checksum in JavaScript.
 */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** The header in front of the code is JSON with spaces behind it. A multiple of 8 keeps the code where V8 wants it. */
const HEADER_LENGTH = 2048;
const OTHERS_MAY_WRITE = 0o022;
const READABLE_BY_ALL = 0o644;
/** Characters at the start of a source by which it is known. The build puts a hash of the source there. */
const IDENTITY_LENGTH = 80;

export interface KeptCode {
  readonly code: Buffer;
  /** What had run when the code was kept. Functions that nothing of it called are compiled when they are called. */
  readonly uses: readonly string[];
}

interface Header {
  identity: string;
  uses: readonly string[];
}

/** Where the code of a file lies. */
export function keptCodePath(file: string): string {
  return `${file}.${process.version}-${process.arch}.code-cache`;
}

/** Whether nobody but this user and root can write it. */
function isTrusted({ uid, mode }: Stats): boolean {
  return (uid === 0 || uid === process.geteuid?.()) && (mode & OTHERS_MAY_WRITE) === 0;
}

/** Undefined where there is none for this source, or none that may be trusted. */
export function readKeptCode(file: string, source: string): KeptCode | undefined {
  let fd: number | undefined;
  try {
    if (!isTrusted(statSync(dirname(file)))) return undefined;
    fd = openSync(keptCodePath(file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (!stats.isFile() || !isTrusted(stats)) return undefined;
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    if (readSync(fd, bytes) !== bytes.length) return undefined;
    return parse(bytes, source);
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function parse(bytes: Buffer, source: string): KeptCode | undefined {
  const kept = bytes.subarray(0, bytes.length / 2);
  if (kept.length < HEADER_LENGTH || !kept.equals(bytes.subarray(kept.length))) return undefined;
  const { identity, uses } = JSON.parse(kept.toString("latin1", 0, HEADER_LENGTH)) as Partial<Header>;
  if (identity !== identityOf(source) || !Array.isArray(uses)) return undefined;
  return { code: kept.subarray(HEADER_LENGTH), uses };
}

function identityOf(source: string): string {
  return source.slice(0, IDENTITY_LENGTH);
}

/** Whether this user can keep code beside the file, so that it can be trusted later. */
export function mayKeepCode(file: string): boolean {
  try {
    const directory = statSync(dirname(file));
    if (directory.uid !== process.geteuid?.() || !isTrusted(directory)) return false;
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Keeps the code. A directory that cannot be written, or a full disk, keeps nothing. */
export function keepCode(file: string, source: string, { code, uses }: KeptCode): void {
  const header = Buffer.alloc(HEADER_LENGTH, " ");
  const text = JSON.stringify({ identity: identityOf(source), uses } satisfies Header);
  if (header.write(text, "latin1") < text.length) return;
  const partial = `${keptCodePath(file)}.${process.pid}`;
  try {
    writeForAll(partial, Buffer.concat([header, code, header, code]));
    renameSync(partial, keptCodePath(file));
  } catch {
    rmSync(partial, { force: true });
  }
}

/** Writes a file that others can read too, whatever the umask is. */
function writeForAll(path: string, bytes: Buffer): void {
  const fd = openSync(path, "wx", READABLE_BY_ALL);
  try {
    writeFileSync(fd, bytes);
    fchmodSync(fd, READABLE_BY_ALL);
  } finally {
    closeSync(fd);
  }
}
