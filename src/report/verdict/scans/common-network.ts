/** The network that most of some addresses are in. */

/** Addresses of an IPv4 network of 24 bits, and some more, because their number may be an estimate. */
const MOST_OF_NARROW = 256 * 1.2;

/**
 * IPv4: networks of 24 and of 16 bits. IPv6: of 64 and of 32 bits, in groups of an address.
 *
 * @param addresses those that are known @param count how many there are, of which the known ones may be the first
 */
export function commonNetwork(addresses: readonly string[], count: number): string | null {
  const networks = (name: (address: string) => string | undefined) => {
    const counts = new Map<string, number>();
    for (const address of addresses) {
      const network = name(address);
      if (network !== undefined) counts.set(network, (counts.get(network) ?? 0) + 1);
    }
    const [first] = [...counts].sort(([, one], [, other]) => other - one);
    return first !== undefined && first[1] > addresses.length * 0.7 ? first[0] : undefined;
  };
  const isWide = count > MOST_OF_NARROW && addresses.every((address) => !address.includes(":"));
  return (isWide ? undefined : networks(narrowNetwork)) ?? networks(wideNetwork) ?? null;
}

/** "192.0.2.0/24", or "2001:db8:1:2::/64". */
export function narrowNetwork(address: string): string | undefined {
  if (!address.includes(":")) return `${address.split(".").slice(0, 3).join(".")}.0/24`;
  return `${groups(address, 4)}::/64`;
}

function wideNetwork(address: string): string | undefined {
  if (!address.includes(":")) return `${address.split(".").slice(0, 2).join(".")}.0.0/16`;
  return `${groups(address, 2)}::/32`;
}

/** The first groups of an IPv6 address, without zeros at the end. */
function groups(address: string, count: number): string {
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const wanted = [...before, ...new Array<string>(Math.max(zeros, 0)).fill("0"), ...after].slice(0, count);
  while (wanted.at(-1) === "0") wanted.pop();
  return wanted.join(":");
}
