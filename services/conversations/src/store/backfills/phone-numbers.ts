import { fold, type Timestamp } from "@fio/contracts";
import { searchableWords } from "../searchable-words.ts";
import { among, asList, asRows, query, rowsOf, type Connection } from "../sql.ts";
import { BELOW_ALL_IDS, type Backfill } from "./backfill.ts";
import { lockConversations } from "./refresh-conversations.ts";

type Row = { id: string; conversation_id: string; content: string; timestamp: Timestamp; words: string };

const COLUMNS = "id, conversation_id, content, timestamp, words";
/** A text of fewer holds no phone number. */
const PHONE_DIGITS = 8;

/** Gives messages from before phone numbers were read as such the words under which theirs are found. */
export const phoneNumbers: Backfill = {
  name: "phone-numbers",
  step: async (connection, { after, limit }) => {
    const rows = await query<Row>(connection, {
      name: "backfill_contents",
      sql: `select ${COLUMNS} from messages where id > ? order by id limit ?`,
      values: [after ?? BELOW_ALL_IDS, limit],
    });
    const lacking = rows.filter(lacksWords);
    if (lacking.length > 0) await giveWords(connection, lacking);
    return { next: rows.length < limit ? null : (rows.at(-1)?.id ?? null), rows: rows.length };
  },
};

function lacksWords({ content, timestamp, words }: Row): boolean {
  if ((fold(content).match(/[0-9]/g)?.length ?? 0) < PHONE_DIGITS) return false;
  return words !== searchableWords({ content, timestamp });
}

async function giveWords(connection: Connection, rows: readonly Row[]): Promise<void> {
  const { dialect } = connection;
  await lockConversations(connection, [...new Set(rows.map(({ conversation_id }) => conversation_id))]);
  // Read again under the lock: another event may have taken a row over meanwhile.
  const held = await query<Row>(connection, {
    name: "backfill_contents_held",
    sql: `select ${COLUMNS} from messages where ${among(dialect, "id", "uuid")}`,
    values: [
      asList(
        dialect,
        rows.map(({ id }) => id),
      ),
    ],
  });
  const changed = held
    .filter(lacksWords)
    .map(({ id, content, timestamp }) => ({ id, words: searchableWords({ content, timestamp }) }));
  await query(connection, {
    name: "backfill_words",
    sql: `update messages set words = changed.words
      from ${rowsOf(dialect, "changed", { id: "uuid", words: "text" })} where messages.id = changed.id`,
    values: [asRows(changed)],
  });
}
