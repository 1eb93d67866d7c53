/** ringcap in Wireshark: what lies in its folder, what it shows, and by which right it captures. */
export { hiddenFromOthers } from "./changeable.ts";
export { becomeOutput, onParentGone, onWiresharkGone } from "./fifo.ts";
export { changeableFolders, chooseFolder, findFolders } from "./folders.ts";
export { grantTo, hasGrant, withdrawGrant } from "./grant.ts";
export {
  installLauncher,
  type LauncherState,
  launcherState,
  pathIn,
  refuseForeign,
  removeLauncher,
  SCRIPT,
} from "./installation.ts";
export { type ExtcapInterface, parseInterfaceName, titleOf } from "./interface-name.ts";
export { type CaptureWay, captureWays, isSudoAllowed, mayCapture, SUDO_WORDS } from "./rights.ts";
