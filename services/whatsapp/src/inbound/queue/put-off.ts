import type { Item } from "../reading/split.ts";
import { nameOf } from "./inbox.ts";
import type { InboxQueue } from "./open-queue.ts";

/** After so many seconds it comes again. */
const WAITS = [2, 30, 600];

/** Has an item come again later; `false` when it has come often enough. */
export const createPutOff =
  (queue: InboxQueue) =>
  async (item: Item): Promise<boolean> => {
    const { tries = 0 } = item;
    const seconds = WAITS[tries];
    if (seconds === undefined) return false;
    const later = { ...item, tries: tries + 1 };
    await queue.add("later", { person: nameOf(item), later }, { delay: seconds * 1_000, ...LATER });
    return true;
  };

const LATER = { attempts: 1_000_000, backoff: { type: "custom" }, removeOnComplete: true } as const;
