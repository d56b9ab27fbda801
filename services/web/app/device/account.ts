/** By which a page says whose it is: what was opened by one agent does nothing as another who signed in since. */
export const ACCOUNT_HEADER = "fio-account";

/** Whose page it is, "" where nobody signs in. A shared worker has it as its name. */
export const ACCOUNT =
  typeof document === "undefined"
    ? ((globalThis as { name?: string }).name ?? "")
    : (document.documentElement.dataset["account"] ?? "");

/** The name of what this browser keeps for one agent and not for others. */
export const ownName = (name: string): string => (ACCOUNT === "" ? name : `${name}@${ACCOUNT}`);
