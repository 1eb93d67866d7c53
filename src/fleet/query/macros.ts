/**
 * Functions of SQL for addresses, which the tables have as 16 bytes. They are macros of DuckDB without side effects, so that DuckDB
 * computes `ip('192.0.2.7')` once, before it reads a file, and passes over the files and row groups that cannot have that address.
 *
 * DuckDB replaces each call of a macro by its text, arguments included. `[... FOR x IN [value]][1]` gives a value the name x, so
 * that an argument that is used several times is in the text only once.
 */

/** The longest run of words that are 0, from which the text of an IPv6 address is shortened (RFC 5952, section 4.2). */
const ZEROS = [8, 7, 6, 5, 4, 3, 2].map((words) => `(^|:)0(:0){${words - 1}}(:|$)`);
const SHORTENED = ZEROS.map((run) => `WHEN regexp_matches(x, '${run}') THEN regexp_replace(x, '${run}', '::')`);

export const MACROS: readonly string[] = [
  `CREATE MACRO ip4_hex(t) AS '00000000000000000000FFFF' || array_to_string(
     [printf('%02X', CAST(part AS UTINYINT)) FOR part IN string_split(t, '.')], '')`,

  `CREATE MACRO ip6_words(t) AS [lpad(word, 4, '0') FOR word IN string_split(t, ':') IF word <> '']`,

  `CREATE MACRO ip6_hex(t) AS [
     array_to_string(x.head || ['0000' FOR i IN range(8 - len(x.head) - len(x.tail))] || x.tail, '')
     FOR x IN [{'head': ip6_words(split_part(t, '::', 1)), 'tail': ip6_words(split_part(t, '::', 2))}]][1]`,

  `CREATE MACRO ip(t) AS CASE
     WHEN regexp_full_match(t, '[0-9]{1,3}([.][0-9]{1,3}){3}') THEN unhex(ip4_hex(t))
     WHEN regexp_full_match(t, '([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}')
       AND len(string_split(t, '::')) < 3
     THEN [CASE WHEN length(x) = 32 THEN unhex(x) ELSE error(concat(t, ' is no IP address')) END FOR x IN [ip6_hex(t)]][1]
     ELSE error(concat(t, ' is no IP address')) END`,

  `CREATE MACRO net_bits(net) AS CASE
     WHEN regexp_full_match(net, '[0-9.]+/(3[0-2]|[12]?[0-9])') THEN 96 + CAST(split_part(net, '/', 2) AS INTEGER)
     WHEN regexp_full_match(net, '[0-9a-fA-F:]*:[0-9a-fA-F:]*/(12[0-8]|1[01][0-9]|[1-9]?[0-9])')
     THEN CAST(split_part(net, '/', 2) AS INTEGER)
     ELSE error(concat(net, ' is no network such as 192.0.2.0/24 or 2001:db8::/32')) END`,
  "CREATE MACRO net_mask(bits) AS CAST(repeat('1', bits) || repeat('0', 128 - bits) AS BIT)",
  "CREATE MACRO net_first(net) AS CAST(CAST(ip(split_part(net, '/', 1)) AS BIT) & net_mask(net_bits(net)) AS BLOB)",
  "CREATE MACRO net_last(net) AS CAST(CAST(ip(split_part(net, '/', 1)) AS BIT) | ~net_mask(net_bits(net)) AS BLOB)",
  "CREATE MACRO in_net(address, net) AS address BETWEEN net_first(net) AND net_last(net)",

  `CREATE MACRO ip_text(address) AS [CASE
     WHEN left(h, 24) = '00000000000000000000FFFF'
     THEN array_to_string([CAST(CAST('0x' || substr(h, i, 2) AS UTINYINT) AS VARCHAR) FOR i IN [25, 27, 29, 31]], '.')
     ELSE [CASE ${SHORTENED.join(" ")} ELSE x END FOR x IN [array_to_string(
       [regexp_replace(lower(substr(h, i, 4)), '^0{1,3}', '') FOR i IN [1, 5, 9, 13, 17, 21, 25, 29]], ':')]][1]
     END FOR h IN [hex(address)]][1]`,
];
