/** Whether Wireshark shows ringcap's interfaces, and by which right its user captures with them. */
import { type CaptureWay, captureWays, findFolders, type LauncherState, launcherState } from "../extcap/index.ts";
import type { Check } from "./check.ts";

const NAME = "Wireshark";

/** @returns undefined where the launcher is not installed, as on a host without Wireshark */
export function checkWireshark(): Check | undefined {
  const states = findFolders().map(({ path }) => launcherState(path));
  return describeWireshark(states, captureWays);
}

/** @param ways is asked where the launcher is installed */
export function describeWireshark(
  states: readonly LauncherState[],
  ways: () => readonly CaptureWay[],
): Check | undefined {
  if (!states.includes("current") && !states.includes("outdated")) return undefined;
  const tried = ways();
  const works = tried.find((way) => way.works);
  if (works === undefined) {
    const finding = `shows ringcap's interfaces, with which this user may not capture`;
    const remedy = "ringcap extcap status says in which ways it could";
    return { name: NAME, status: "warning", finding, remedy };
  }
  const finding = `captures with ringcap by ${works.name}`;
  if (states.includes("current")) return { name: NAME, status: "ok", finding };
  const remedy = "ringcap extcap install, as the user who installed it";
  return { name: NAME, status: "warning", finding: `${finding}, through the launcher of another version`, remedy };
}
