/** Status and reason codes of IEEE 802.11, sections 9.4.1.7 and 9.4.1.9. */

export const STATUSES: readonly string[] = [
  "Successful",
  "Unspecified failure",
  "Reserved",
  "Reserved",
  "Reserved",
  "Reserved",
  "Reserved",
  "Reserved",
  "Reserved",
  "Reserved",
  "Cannot Support all requested capabilities in the Capability Information field",
  "Reassociation denied due to inability to confirm that association exists",
  "Association denied due to reasons outside the scope of the standard",
  "Responding station does not support the specified authentication algorithm ",
  "Received an Authentication frame with authentication transaction sequence number out of expected sequence",
  "Authentication rejected because of challenge failure",
  "Authentication rejected due to timeout waiting for next frame in sequence",
  "Association denied because AP is unable to handle additional associated stations",
];

export const REASONS: readonly string[] = [
  "Reserved",
  "Unspecified reason",
  "Previous authentication no longer valid",
  "Deauthenticated because sending STA is leaving (or has left) IBSS or ESS",
  "Disassociated due to inactivity",
  "Disassociated because AP is unable to handle all currently  associated stations",
  "Class 2 frame received from nonauthenticated STA",
  "Class 3 frame received from nonassociated STA",
  "Disassociated because sending STA is leaving (or has left) BSS",
  "STA requesting (re)association is not authenticated with responding STA",
];
