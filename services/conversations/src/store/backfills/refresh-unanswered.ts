import { isDeepStrictEqual } from "node:util";
import { readUnanswered } from "../load-unanswered.ts";
import { storedConversationFrom, type StoredConversationRow } from "../rows.ts";
import type { Connection } from "../sql.ts";
import { NOTHING_UNANSWERED } from "../unanswered.ts";
import { lockConversations, refreshConversations } from "./refresh-conversations.ts";

/** Finds out again since when these customers wait, and changes what says otherwise. `now` in milliseconds. */
export async function refreshUnanswered(
  connection: Connection,
  rows: readonly StoredConversationRow[],
  now: number,
): Promise<void> {
  const stored = rows.map(storedConversationFrom);
  const found = await readUnanswered(connection, stored);
  const wrong = stored
    .filter(
      ({ record, unanswered: is }) => !isDeepStrictEqual(is, found.get(record.id) ?? NOTHING_UNANSWERED),
    )
    .map(({ record }) => record.id);
  if (wrong.length === 0) return;
  await lockConversations(connection, wrong);
  await refreshConversations(connection, wrong, now);
}
