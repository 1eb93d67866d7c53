/** The printers that write the addresses themselves, because their ports stand behind them. */
export const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132]);
