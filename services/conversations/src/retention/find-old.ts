import { receiptOf, type Receipt } from "@fio/contracts";
import type { Store } from "../store/connect.ts";
import {
  HOMELESS_REASONS,
  oldUnapplied,
  quietConversations,
  type Homeless,
  type QuietKey,
} from "../store/quiet.ts";

const PAGE = 200;
const LOWEST = receiptOf(0);
const FIRST: QuietKey = { receipt: LOWEST, id: "00000000-0000-0000-0000-000000000000" };

/** What may go, by what it is; whoever takes it looks once more under the lock. */
export type Old =
  { kind: "conversations" | "waiting"; conversation: string } | { kind: "updates"; receipt: Receipt };

/** Everything older than `before`, read a page at a time, each once. `paced` rests after a page. */
export async function* findOld(
  store: Store,
  before: Receipt,
  paced: <Value>(work: () => Promise<Value>) => Promise<Value>,
): AsyncGenerator<Old> {
  for (let after: QuietKey | undefined = FIRST; after !== undefined;) {
    const from: QuietKey = after;
    const page: QuietKey[] = await paced(() =>
      quietConversations({ store, before, after: from, limit: PAGE }),
    );
    for (const { id } of page) yield { kind: "conversations", conversation: id };
    after = page.at(-1);
  }
  for (const reason of HOMELESS_REASONS) {
    for (let after: Receipt | undefined = LOWEST; after !== undefined;) {
      const from: Receipt = after;
      const page: Homeless[] = await paced(() =>
        oldUnapplied({ store, reason, before, after: from, limit: PAGE }),
      );
      const homeless = page.filter(({ isUpdate, isHomeless }) => !isUpdate && isHomeless);
      for (const conversation of new Set(homeless.map((one) => one.conversation)))
        yield { kind: "waiting", conversation };
      for (const { receipt } of page.filter(({ isUpdate }) => isUpdate)) yield { kind: "updates", receipt };
      after = page.at(-1)?.receipt;
    }
  }
}
