// What is wrong with a run of scripts/fleet-evidence.mjs: every event has to be in the stream, at the follower and in the tables, each once.

/**
 * @typedef {object} StreamedEvent
 * @property {string} id
 * @property {string} host
 * @property {string} watch
 * @property {number} sequence
 *
 * @typedef {object} FleetRun
 * @property {ReadonlySet<string>} kept ids of the events that simulated hosts had on their disks
 * @property {number} lost events that were not on the disk yet when their host was killed, at most
 * @property {number} dropped events for which simulated hosts had no room
 * @property {readonly { host: string, published: number, spooled: number, dropped: number }[]} watches what real watches said at their end
 * @property {readonly StreamedEvent[]} stream the event of each message of the stream
 * @property {readonly string[]} followed the id of each line of the follower
 * @property {readonly string[]} tabled the id of each row of the events table
 */

/** @param {FleetRun} run @returns {string[]} one line for each fault; none where every event is there once */
export function faultsOf({ kept, lost, dropped, watches, stream, followed, tabled }) {
  const ids = stream.map(({ id }) => id);
  const faults = [...apart("the stream", kept, ids, true), ...gaps(stream)];
  const published = watches.reduce((sum, watch) => sum + watch.published, 0);
  const expected = kept.size + published;
  if (expected === 0) faults.push("no event was published");
  if (ids.length < expected || ids.length > expected + lost)
    faults.push(`the stream has ${ids.length} events; ${expected} were published, and ${lost} more may be there`);
  if (dropped > 0) faults.push(`simulated hosts had no room for ${dropped} events`);
  for (const watch of watches) {
    const streamed = stream.filter(({ host }) => host === watch.host).length;
    if (streamed !== watch.published || watch.published === 0)
      faults.push(`${watch.host} says that it published ${watch.published} events; the stream has ${streamed} of it`);
    if (watch.spooled + watch.dropped > 0)
      faults.push(`${watch.host} has left ${watch.spooled} events and dropped ${watch.dropped}`);
  }
  const streamed = new Set(ids);
  return [...faults, ...apart("the follower", streamed, followed), ...apart("the table", streamed, tabled)];
}

/** @param {string} where @param {ReadonlySet<string>} wanted @param {readonly string[]} found @param {boolean} [mayHaveMore] */
function apart(where, wanted, found, mayHaveMore = false) {
  const there = new Set(found);
  const faults = [];
  const missing = [...wanted].filter((id) => !there.has(id)).length;
  if (missing > 0) faults.push(`${where} lacks ${missing} events`);
  if (there.size < found.length) faults.push(`${where} has ${found.length - there.size} events again`);
  const more = [...there].filter((id) => !wanted.has(id)).length;
  if (more > 0 && !mayHaveMore) faults.push(`${where} has ${more} events that nobody published`);
  return faults;
}

/** Each watch numbers its events from 1 on. @param {readonly StreamedEvent[]} stream */
function gaps(stream) {
  /** @type {Map<string, Set<number>>} */
  const watches = new Map();
  for (const { host, watch, sequence } of stream) {
    const name = `${host} ${watch}`;
    watches.set(name, (watches.get(name) ?? new Set()).add(sequence));
  }
  return [...watches]
    .filter(([, numbers]) => Math.max(...numbers) !== numbers.size)
    .map(([name, numbers]) => `watch ${name} has ${numbers.size} events up to number ${Math.max(...numbers)}`);
}
