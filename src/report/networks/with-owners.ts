/** Puts ASN and country to the addresses of a report. */
import type { AddressDatabase, AddressOwner } from "../address-database.ts";
import type { Report, TopEntry, TopList } from "../report.ts";

/** The lists whose keys are addresses or networks. */
const LISTS = ["sources", "sourceNetworks", "destinations"] as const;

/** Where several files know an address, the first one counts. @throws RingcapError as AddressDatabase.lookUp() */
export async function withOwners(report: Report, databases: readonly AddressDatabase[]): Promise<Report> {
  const keys = [...new Set(LISTS.flatMap((list) => report.top[list].entries.map(({ key }) => key)))];
  const owners = new Map<string, AddressOwner>();
  for (const database of databases) {
    const found = await database.lookUp(keys.map((key) => key.replace(/\/\d+$/, "")));
    for (const [index, key] of keys.entries()) owners.set(key, { ...found[index], ...owners.get(key) });
  }
  const withOwner = (entry: TopEntry): TopEntry => ({ ...entry, ...owners.get(entry.key) });
  const told = (list: TopList): TopList => ({ ...list, entries: list.entries.map(withOwner) });
  const { sources, sourceNetworks, destinations } = report.top;
  const top = {
    ...report.top,
    sources: told(sources),
    sourceNetworks: told(sourceNetworks),
    destinations: told(destinations),
  };
  return { ...report, top };
}
