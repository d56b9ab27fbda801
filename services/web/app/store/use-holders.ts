import { ownName } from "../device/account.ts";
import { kept, useKept } from "../device/kept.ts";
import { HOLDERS, type Holders } from "./list.ts";

/** Whose conversations the lists show: each agent's own choice. */
const holders = kept<Holders>({
  key: ownName("fio.holders"),
  read: (text) => HOLDERS.find((one) => one === text) ?? "all",
  write: (value) => (value === "all" ? null : value),
});

export const setHolders = (value: Holders): void => void holders.set(value);
export const useHolders = (): Holders => useKept(holders, "all");
