import type { AcceptedAct, AcceptedEvent, Receipt } from "@fio/contracts";
import { lookupsFor, type Loaded, type StepLimit } from "../domain/index.ts";
import { assignmentFrom, assignmentsNamed, type AssignmentRow } from "./assignment-statements.ts";
import * as lookUps from "./look-up-statements.ts";
import {
  messageFrom,
  receiptFrom,
  unappliedFrom,
  type MessageRow,
  type StoredConversation,
  type UnappliedRow,
} from "./rows.ts";
import type { StatesBefore } from "./sent-changes.ts";
import {
  statesBefore,
  stateFrom,
  statusFrom,
  statusesEqual,
  type StateRow,
  type StatusRow,
} from "./status-statements.ts";
import { together, type Connection } from "./sql.ts";
import { waitersFrom, type Waiter } from "./waiters.ts";

/** One that the law decides on; `reply` as in a job. */
export type IncomingEvent = AcceptedEvent & { reply?: string };

/** One conversation of a batch under its lock: how it stands, the incoming events, and what was read for them. */
export type LoadedConversation = {
  stored: StoredConversation;
  incoming: IncomingEvent[];
  /** What agents did about its refused events: nothing has to be read for that. */
  acts: AcceptedAct[];
  loaded: Loaded;
  states: StatesBefore;
  /** Who waits for the outcome of an event that was read, by its receipt. */
  waiters: Map<Receipt, Waiter[]>;
};

/** Where the answer of `unappliedLowest` stands among those about unapplied events. */
const LOWEST = 3;

/**
 * Reads what the law needs to decide on the incoming events, in one round trip whatever the batch holds. Without
 * `anyUnapplied` no unapplied event is equal to one of them, about the same, or under its receipt.
 */
export async function loadLookups(
  connection: Connection,
  locked: ReadonlyArray<Pick<LoadedConversation, "stored" | "incoming" | "acts">>,
  { limit, anyUnapplied }: { limit: StepLimit; anyUnapplied: boolean },
): Promise<LoadedConversation[]> {
  const wanted = locked.map((one) => ({ ...one, lookups: lookupsFor(one.stored.record, one.incoming) }));
  const [anyAbove, above] = lookUps.messagesAbove(connection, wanted, limit);
  const [anyWaiting, waiting] = lookUps.unappliedWaiting(connection, wanted, limit);
  const [
    haveAbove,
    haveWaiting,
    statusRows,
    stateRows,
    assignedRows,
    namedRows,
    aboveRows,
    ...unappliedRows
  ] = (await together(connection, [
    anyAbove,
    anyWaiting,
    statusesEqual(connection, wanted),
    statesBefore(connection, wanted),
    assignmentsNamed(connection, wanted),
    lookUps.messagesNamed(connection, wanted),
    above,
    waiting,
    ...(anyUnapplied
      ? [
          lookUps.unappliedEqual(connection, wanted),
          lookUps.unappliedUnhashed(connection, wanted),
          lookUps.unappliedLowest(connection, wanted, limit),
          lookUps.unappliedUnder(connection, wanted),
        ]
      : []),
  ])) as [
    lookUps.AnyRow[],
    lookUps.AnyRow[],
    StatusRow[],
    StateRow[],
    AssignmentRow[],
    MessageRow[],
    MessageRow[],
    ...UnappliedRow[][],
  ];

  const messages = Map.groupBy([...namedRows, ...aboveRows], (row) => row.conversation_id);
  const statuses = Map.groupBy(statusRows, (row) => row.conversation_id);
  const assignments = Map.groupBy(assignedRows, (row) => row.conversation_id);
  const states = Map.groupBy(stateRows, (row) => row.conversation_id);
  // Of statuses this one reads only those that wait for a message which comes.
  const lowestRows = unappliedRows[LOWEST] ?? [];
  const isStatus = ({ type }: UnappliedRow): boolean => type === "MESSAGE_STATUS";
  const tooManyStatuses = lowestRows.filter(isStatus).length > limit.events;
  if (tooManyStatuses) unappliedRows[LOWEST] = lowestRows.filter((row) => !isStatus(row));
  const unapplied = Map.groupBy(unappliedRows.flat(), (row) => row.conversation_id);
  const isLeftOut = (rows: lookUps.AnyRow[], id: string): boolean =>
    rows.some(({ conversation, fits }) => conversation === id && !fits);
  return wanted.map(({ stored, incoming, acts, lookups }) => {
    const { id } = stored.record;
    const rows = (unapplied.get(id) ?? []).filter(({ type }) => type !== "RESOLVE_REJECTION");
    return {
      stored,
      incoming,
      acts,
      states: new Map(
        (states.get(id) ?? []).map((row) => [row.message_id, stateFrom(row.state).state ?? null]),
      ),
      waiters: new Map(rows.map((row) => [receiptFrom(row.receipt), waitersFrom(row.waiters)])),
      loaded: {
        conversation: stored.record,
        messages: (messages.get(id) ?? []).map(messageFrom),
        unapplied: rows.map(unappliedFrom),
        statuses: (statuses.get(id) ?? []).map(statusFrom),
        assignments: (assignments.get(id) ?? []).map(assignmentFrom),
        leftOut: {
          waiting: isLeftOut(haveWaiting, id),
          messagesAbove: isLeftOut(haveAbove, id),
          statuses: tooManyStatuses && lookups.statusesOf.length > 0,
        },
      },
    };
  });
}
