/** Decryption Secrets Block: draft-ietf-opsawg-pcapng, section 4.7. */

import { type BlockOptions, padTo4 } from "../options.ts";
import type { RawBlock } from "../raw-block.ts";

export const DECRYPTION_SECRETS = 10;

const FIXED_LENGTH = 8;
const SECRETS = 16;

/** Secrets with which packets can be decrypted: draft-ietf-opsawg-pcapng, section 4.7. */
export interface DecryptionSecretsBlock {
  readonly kind: "decryption-secrets";
  readonly raw: RawBlock;
  /** The kind of the secrets; 0x544c534b is a TLS key log. */
  readonly secretsType: number;
  /** The bytes of the secrets: a view, valid as long as the block is. */
  readonly secrets: Uint8Array;
  readonly options: BlockOptions;
}

/** Reads the block. @throws CaptureFileError if the block is too short, or its options do not fit */
export function readDecryptionSecrets(raw: RawBlock): DecryptionSecretsBlock {
  raw.require("a decryption secrets block", FIXED_LENGTH);
  const length = raw.uint32(12);
  if (length > raw.bodyEnd - SECRETS) throw raw.corrupt(12, `secrets of ${length} bytes do not fit their block`);
  const secrets = raw.bytes.subarray(SECRETS, SECRETS + length);
  const options = raw.options(SECRETS + padTo4(length));
  return { kind: "decryption-secrets", raw, secretsType: raw.uint32(8), secrets, options };
}
