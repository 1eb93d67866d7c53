/** The protocols whose printers write the addresses themselves, because ports stand behind each address. */
export const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132]);
