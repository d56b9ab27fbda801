import type { Receipt } from "@fio/contracts";
import { highest, lowest } from "./extremes.ts";
import type { LateChanges } from "./late-messages.ts";
import { receiptFrom, type LastSent, type StoredConversation, type Unanswered } from "./rows.ts";
import { together, type Connection } from "./sql.ts";
import { NOTHING_UNANSWERED, type Expected } from "./unanswered.ts";
import * as statements from "./unanswered-statements.ts";

export type WantedUnanswered = {
  id: string;
  isClosed: boolean;
  expected: Expected;
  /** Not written yet. */
  late: LateChanges;
};

/** Looks up what is not known of each conversation; in most batches that is nothing. */
export async function loadUnanswered(
  connection: Connection,
  wanted: readonly WantedUnanswered[],
): Promise<Map<string, Unanswered>> {
  const idsWhere = (isUnknown: (expected: Expected) => boolean): string[] =>
    wanted.filter(({ expected }) => isUnknown(expected)).map(({ id }) => id);
  const leaving = wanted.flatMap(({ late }) => late.left.map(({ receipt }) => receipt));
  const [sentRows, receivedRows] = (await together(connection, [
    statements.selectLastSent(
      connection,
      idsWhere(({ lastSent }) => lastSent === "unknown"),
    ),
    statements.selectLastReceived(
      connection,
      idsWhere(({ lastReceivedReceipt }) => lastReceivedReceipt === "unknown"),
      leaving,
    ),
  ])) as [statements.LastSentRow[], statements.LastReceivedRow[]];
  const lastSent = statements.lastSentFrom(sentRows);
  const lastReceived = new Map(receivedRows.map((row) => [row.conversation, row]));
  const sentOf = ({ id, expected }: WantedUnanswered): LastSent | null =>
    expected.lastSent === "unknown" ? (lastSent.get(id) ?? null) : expected.lastSent;
  const receivedOf = ({ id, expected, late }: WantedUnanswered): Receipt | null => {
    if (expected.lastReceivedReceipt !== "unknown") return expected.lastReceivedReceipt;
    const { applied = null, late: kept = null } = lastReceived.get(id) ?? {};
    const found = [applied, kept].map((receipt) => (receipt === null ? null : receiptFrom(receipt)));
    return highest(...found, ...late.added.map(({ receipt }) => receipt));
  };

  const sought = wanted.filter(({ expected }) => expected.since === "unknown");
  const [openRows, closedRows] = (await together(connection, [
    statements.selectUnanswered(
      connection,
      sought
        .filter(({ isClosed }) => !isClosed)
        .map((one) => ({ conversation: one.id, lastSent: sentOf(one) })),
    ),
    statements.selectLate(
      connection,
      sought.filter(({ isClosed }) => isClosed).map(({ id }) => id),
      leaving,
    ),
  ])) as [statements.SinceRow[], statements.SinceRow[]];
  const since = new Map(
    [...openRows, ...closedRows].map((row) => [row.conversation, lowest(row.by_place, row.by_receipt)]),
  );
  return new Map(
    wanted.map((one): [string, Unanswered] => [
      one.id,
      {
        lastSent: sentOf(one),
        lastReceivedReceipt: receivedOf(one),
        since:
          one.expected.since === "unknown"
            ? lowest(since.get(one.id) ?? null, ...one.late.added.map(({ place }) => place))
            : one.expected.since,
      },
    ]),
  );
}

const ALL_UNKNOWN: Expected = { since: "unknown", lastSent: "unknown", lastReceivedReceipt: "unknown" };

/** The same of locked conversations from what is stored alone, whatever their columns say. */
export function readUnanswered(
  connection: Connection,
  conversations: readonly StoredConversation[],
): Promise<Map<string, Unanswered>> {
  return loadUnanswered(
    connection,
    conversations.map(({ record }) => ({
      id: record.id,
      isClosed: record.closed !== null,
      expected: record.created === null ? NOTHING_UNANSWERED : ALL_UNKNOWN,
      late: { added: [], left: [] },
    })),
  );
}
