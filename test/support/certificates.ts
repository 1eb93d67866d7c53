/** Authorities and certificates for tests, made by openssl(1). */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface Certificate {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

function openssl(...words: string[]): void {
  execFileSync("openssl", words, { stdio: "pipe" });
}

export function makeAuthority(directory: string, name: string): Certificate {
  const [certificate, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  openssl("req", "-x509", ...CURVE, "-subj", `/CN=${name}`, "-keyout", key, "-out", certificate);
  return { certificate, key };
}

/** Makes a certificate for 127.0.0.1, for servers and clients. */
export function makeCertificate(directory: string, name: string, authority: Certificate): Certificate {
  const [certificate, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  const signed = ["-CA", authority.certificate, "-CAkey", authority.key, "-addext", "subjectAltName=IP:127.0.0.1"];
  openssl("req", "-x509", ...CURVE, "-subj", `/CN=${name}`, ...signed, "-keyout", key, "-out", certificate);
  return { certificate, key };
}
