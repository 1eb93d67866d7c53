/** Decryption Secrets Block: draft-ietf-opsawg-pcapng, section 4.7. */
import type { BlockBytes } from "../block-bytes.ts";
import { checkNumber, MOST_32 } from "../checks.ts";
import type { OptionLayouts } from "../option-layouts.ts";
import { type PcapngOptions, putOptions } from "../options.ts";

/** Secrets with which packets can be decrypted: draft-ietf-opsawg-pcapng, section 4.7. */
export interface PcapngDecryptionSecrets {
  readonly kind: "decryption-secrets";
  /** The kind of the secrets: a number of SECRETS_TYPES. */
  readonly secretsType: number;
  /** The bytes of the secrets, in the format that `secretsType` says. */
  readonly secrets: Uint8Array;
  readonly options?: PcapngOptions | undefined;
}

/** The kinds of secrets, with the numbers of the draft. */
export const SECRETS_TYPES = {
  /** Lines of a key log as NSS writes it. */
  tlsKeyLog: 0x544c_534b,
  opcUaKeyLog: 0x5541_4b4c,
  wireGuardKeyLog: 0x5747_4b4c,
  zigBeeNetworkKey: 0x5a4e_574b,
  zigBeeApplicationKey: 0x5a41_5053,
} as const;

const TYPE = 10;
const LAYOUTS: OptionLayouts = {};

export function putDecryptionSecrets(into: BlockBytes, block: PcapngDecryptionSecrets): void {
  const { secretsType, secrets, options } = block;
  checkNumber("secretsType", secretsType, MOST_32);
  into.begin(TYPE);
  into.uint32(secretsType);
  into.uint32(secrets.length);
  into.bytes(secrets);
  into.pad();
  putOptions(into, options, LAYOUTS);
  into.end();
}
