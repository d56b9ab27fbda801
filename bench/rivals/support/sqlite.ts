import Database from "better-sqlite3";
import { byKind, RIVAL_SCHEMA, type RivalStore } from "./store.ts";
import type { RivalEvent } from "./events.ts";

/** better-sqlite3 as its guide to performance says: WAL, prepared statements; and on disk before it answers, as Fio is. */
export function openRivalSqlite(path: string): RivalStore {
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec(RIVAL_SCHEMA("text"));
  const create = db.prepare(
    "insert into conversations (id, state, created_at) values (?, 'OPEN', ?) on conflict do nothing",
  );
  const stateOf = db.prepare<[string], { state: string }>("select state from conversations where id = ?");
  const write = db.prepare(
    `insert into messages (id, conversation_id, direction, content, timestamp)
      values (?, ?, ?, ?, ?) on conflict do nothing`,
  );
  const close = db.prepare("update conversations set state = 'CLOSED', closed_at = ? where id = ?");
  const createAll = db.prepare(
    `insert into conversations (id, state, created_at)
      select value ->> '$.data.id', 'OPEN', value ->> '$.timestamp' from json_each(?)`,
  );
  const writeAll = db.prepare(
    `insert into messages (id, conversation_id, direction, content, timestamp)
      select value ->> '$.data.id', value ->> '$.data.conversation_id', value ->> '$.data.direction',
        value ->> '$.data.content', value ->> '$.timestamp' from json_each(?)`,
  );

  const applyOne = ({ type, timestamp, data }: RivalEvent): string | null => {
    if (type === "NEW_CONVERSATION") {
      create.run(data.id, timestamp);
      return null;
    }
    const isMessage = type === "NEW_MESSAGE";
    const conversation = stateOf.get(isMessage ? data.conversation_id : data.id);
    if (conversation === undefined) return "CONVERSATION_NOT_FOUND";
    if (conversation.state !== "OPEN") return "CONVERSATION_CLOSED";
    if (isMessage) write.run(data.id, data.conversation_id, data.direction, data.content, timestamp);
    else close.run(timestamp, data.id);
    return null;
  };
  const undone = new Error("refused");
  const applyAll = db.transaction((events: readonly RivalEvent[], refusal: { code: string | null }) => {
    for (const event of events) {
      refusal.code = applyOne(event);
      if (refusal.code !== null) throw undone;
    }
  });

  return {
    apply: (events) => {
      const refusal: { code: string | null } = { code: null };
      try {
        applyAll.immediate(events, refusal);
      } catch (error) {
        if (error !== undone)
          return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      return Promise.resolve(refusal.code);
    },
    insertAll: (events) =>
      new Promise((resolve) => {
        const { created, messages } = byKind(events);
        if (created.length > 0) createAll.run(JSON.stringify(created));
        if (messages.length > 0) writeAll.run(JSON.stringify(messages));
        resolve();
      }),
  };
}
