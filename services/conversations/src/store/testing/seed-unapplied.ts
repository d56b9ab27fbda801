import { conversationIdOf, idOf, type EventType, type Receipt, type WebhookEvent } from "@fio/contracts";
import type { Store } from "../connect.ts";

/**
 * Fills a store by one statement with `count` refused events of the subject that `event` names, at most a million, each
 * with another timestamp and with receipts from `above` on, as the applier would have left them.
 */
export async function seedRefused(
  { write, dialect }: Store,
  { event, count, above, reason }: { event: WebhookEvent; count: number; above: Receipt; reason?: string },
): Promise<void> {
  const [head, tail] = JSON.stringify({ ...event, timestamp: "\n" }).split("\\n") as [string, string];
  const second = event.timestamp.slice(0, -7);
  const [numbers, fraction] =
    dialect === "postgres"
      ? ["select generate_series(0, ?::int - 1) as n", "lpad(n::text, 6, '0')"]
      : [
          "with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ? - 1) select n from numbers",
          "printf('%06d', n)",
        ];
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const uuid = (value: string): string => (dialect === "postgres" ? `${text(value)}::uuid` : text(value));
  const refused = reason ?? REFUSED[event.type];
  const hash = refused === "INTERNAL_ERROR" ? "null" : `${text(`${event.type} ${idOf(event)}`)} || n`;
  await write.raw(
    `insert into unapplied_events (receipt, type, event_id, conversation_id, event, reason, content_hash)
      select ${BigInt(above)} + 1 + n, ${text(event.type)}, ${uuid(idOf(event))}, ${uuid(conversationIdOf(event))},
        ${text(head + second)} || ${fraction} || ${text(`Z${tail}`)}, ${text(refused)}, ${hash}
      from (${numbers}) as series`,
    [count],
  );
}

const REFUSED: Record<EventType, string> = {
  NEW_CONVERSATION: "CONVERSATION_ALREADY_EXISTS",
  CLOSE_CONVERSATION: "CONVERSATION_ALREADY_CLOSED",
  NEW_MESSAGE: "MESSAGE_ID_CONFLICT",
  MESSAGE_STATUS: "MESSAGE_NOT_FOUND",
  ASSIGN_CONVERSATION: "CONVERSATION_NOT_FOUND",
};
