/**
 * What is said of an incident in the object store: its files, and the parts that they lie there in. The list is put there last, so that an
 * incident with a list is whole. Whoever may write to the store chooses every byte of it.
 */

export interface EvidencePart {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

export interface EvidenceFile {
  readonly name: string;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal digits. */
  readonly sha256: string;
  readonly parts: readonly EvidencePart[];
}

export interface EvidenceList {
  readonly version: 1;
  readonly host: string;
  readonly incident: string;
  readonly files: readonly EvidenceFile[];
}

/** The bucket of JetStream's object store. */
export const BUCKET = "RINGCAP-EVIDENCE";
/** The most bytes of a part, which are in memory at once. */
export const PART_BYTES = 1 << 23;
/** The most bytes of a list: that of an incident with 200 GB has so many. */
export const LIST_BYTES = 1 << 22;
/** Names of files and incidents that are nothing but names in every directory. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const HOST_LENGTH = 255;

/** Whether a name leads nowhere else, and steers no terminal. */
export function isPlainName(name: string): boolean {
  return NAME.test(name);
}

export function listName(host: string, incident: string): string {
  return `${host}/${incident}`;
}

/** @param number of the part, from 0 on */
export function partName(
  { host, incident }: Pick<EvidenceList, "host" | "incident">,
  file: string,
  number: number,
): string {
  return `${listName(host, incident)}/${file}/${number}`;
}

/** @returns undefined for what is no list of that incident */
export function parseList(bytes: Uint8Array, host: string, incident: string): EvidenceList | undefined {
  let list: Partial<Record<keyof EvidenceList, unknown>>;
  try {
    list = JSON.parse(Buffer.from(bytes).toString("utf8")) ?? {};
  } catch {
    return undefined;
  }
  if (list.version !== 1 || list.host !== host || list.incident !== incident || !Array.isArray(list.files))
    return undefined;
  if (!isPlainName(incident) || host.length > HOST_LENGTH) return undefined;
  const files = list.files.map(fileOf);
  const names = new Set(files.map((file) => file?.name));
  if (names.size < files.length || !files.every((file) => file !== undefined)) return undefined;
  return { version: 1, host, incident, files };
}

function fileOf(value: unknown): EvidenceFile | undefined {
  const { name, bytes, sha256, parts } = Object(value) as Partial<Record<keyof EvidenceFile, unknown>>;
  if (typeof name !== "string" || !isPlainName(name) || !isSize(bytes) || !isSha256(sha256)) return undefined;
  if (!Array.isArray(parts)) return undefined;
  const read = parts.map(partOf);
  if (!read.every((part) => part !== undefined)) return undefined;
  const sum = read.reduce((total, part) => total + part.bytes, 0);
  return sum === bytes ? { name, bytes, sha256, parts: read } : undefined;
}

function partOf(value: unknown): EvidencePart | undefined {
  const { bytes, sha256 } = Object(value) as Partial<Record<keyof EvidencePart, unknown>>;
  if (!isSize(bytes) || bytes === 0 || bytes > PART_BYTES || !isSha256(sha256)) return undefined;
  return { bytes, sha256 };
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isSha256(value: unknown): value is string {
  return typeof value === "string" && SHA256.test(value);
}
