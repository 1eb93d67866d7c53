/** Whether a name server may be asked for a name in an expression. */
import { EXPRESSION_WORDS } from "./near-command.ts";

/** A piece between blanks and signs. Addresses of hexadecimal digits have colons. */
const PIECE = /[a-z\d:][\w.:-]*/gi;
/** Words of pcap-filter(7) with which no expression begins. */
const INNER_WORDS =
  /^(and|or|len|mask|subtype|oneway|to|ds|from|tcpflags|tcp-[a-z]{3,4}|icmp6?(type|code)|icmp6?-[a-z\d]+)$/;
const JOINING = new Set(["and", "or", "not"]);
/** Behind these words a name is none of a host. */
const OTHER_NAMES = new Set("port portrange proto protochain ifname on type subtype dir reason action rnr".split(" "));

/**
 * pcap-filter(7) carries a qualifier on to what follows "or", as in `host 192.0.2.1 or web1`, so that each word counts that
 * is none of its own and has no qualifier of other names before it.
 */
export function mayNameHosts(expression: string): boolean {
  let isOfHosts = true;
  for (const piece of expression.match(PIECE) ?? []) {
    if (JOINING.has(piece)) continue;
    if (EXPRESSION_WORDS.has(piece) || INNER_WORDS.test(piece)) isOfHosts = !OTHER_NAMES.has(piece);
    else if (isOfHosts && isName(piece)) return true;
  }
  return false;
}

function isName(piece: string): boolean {
  return /[a-z]/i.test(piece) && !piece.includes(":") && !/^0x[\da-f]+$/i.test(piece);
}
