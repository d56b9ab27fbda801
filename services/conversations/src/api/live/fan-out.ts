import { receiptMilliseconds } from "@fio/contracts";
import type { Client } from "./client.ts";
import type { ChangedRow, Entry } from "./entry.ts";
import { frame, rowFrames } from "./frames.ts";
import { createHolders, type Held } from "./held.ts";
import type { LiveMetrics } from "./metrics.ts";
import { announcedAt, BEGINNING, comparePositions, laterOf, type Position } from "@fio/contracts";
import type { ReplayBuffer } from "./replay-buffer.ts";
import { createPendingRows, type PendingRows } from "./pending-rows.ts";

export type FanOutLimits = {
  /** Between two flushes of rows. */
  flushMs: number;
  /** Rows of one flush. */
  rowsPerFlush: number;
  /** When more rows wait than this, only those of the next flush stay, and clients are told to read their lists again. */
  maxPendingRows: number;
};

/** Of what was announced up to `since`, `missedRows` are yet to come; `skipped`: others are left out, of these it is told all the same. */
export type CatchUp = { since: Position; missedRows: PendingRows; skipped: ChangedRow[] | null };

/** Fans the entries of the stream out to the clients that are live. */
export type FanOut = {
  position: () => Position | null;
  /** Live from here on, unless it has left meanwhile; what was announced up to `since` it has been sent, see {@link CatchUp}. */
  join: (client: Client, catchUp?: CatchUp) => void;
  /** Live from here on, unless it has left meanwhile, and told to load snapshots. */
  reset: (client: Client) => void;
  leave: (client: Client) => void;
  /** Sends what is no change to those who follow a conversation. */
  tell: (conversation: string, bytes: Buffer) => void;
  /** How often changes were lost since the start. */
  losses: () => number;
  /** Whether changes after this place may be among those that were lost. */
  isLost: (after: Position) => boolean;
  /** The reader's: see there. */
  onUp: (position: Position, broken: boolean) => void;
  onEntries: (entries: Entry[]) => void;
  onDown: () => void;
  close: () => void;
};

/*
 * Rows are put together once for all clients, who share what waits to be sent: 300 clients cost little more than one.
 * A client that has rows of its own to get (it is catching up) gets its own flushes, until there is nothing in either.
 */
export function createFanOut({
  limits: { flushMs, rowsPerFlush, maxPendingRows },
  replayBuffer,
  metrics,
  now,
}: {
  limits: FanOutLimits;
  replayBuffer: ReplayBuffer;
  metrics: LiveMetrics;
  /** Milliseconds since 1970. */
  now: () => number;
}): FanOut {
  const joined = new Set<Client>();
  const followers = new Map<string, Set<Client>>();
  const pending = createPendingRows();
  const holders = createHolders();
  let position: Position | null = null;
  let lostAt: Position | null = null;
  let losses = 0;
  let up = false;
  let lastFlush = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const greet = (client: Client): void => {
    if (position === null || !up) client.write(frame({ event: "stalled" }));
    else client.write(frame({ event: "ready", position }, hasAll(client) ? reached(client) : undefined));
  };
  const enter = (client: Client): void => {
    joined.add(client);
    for (const id of client.follows) {
      const others = followers.get(id);
      if (others === undefined) followers.set(id, new Set([client]));
      else others.add(client);
    }
  };
  const startAnew = (client: Client): void => {
    client.ownRows = pending.size === 0 ? null : createPendingRows();
    client.since = null;
    if (position !== null) client.write(frame({ event: "reset", position }, position));
    metrics.resets.inc();
  };

  /** Rows that an agent who is held to their own may be told of; contacts are told apart, see below. */
  const seenBy = (held: Held, rows: readonly ChangedRow[]): ChangedRow[] =>
    rows.filter(
      (row) => row.contact === undefined && (row.holder === undefined || held.isSeen(holders.of(row))),
    );
  /** Of whose conversations a contact is only the store knows. Where it cannot be asked, they read their lists again. */
  const tellContacts = async (
    clients: () => readonly Client[],
    rows: readonly ChangedRow[],
  ): Promise<void> => {
    const contacts = rows.flatMap((row) => (row.contact === undefined ? [] : [{ row, key: row.contact }]));
    if (contacts.length === 0) return;
    const heldOnes = clients().flatMap((client) =>
      client.held === null ? [] : [{ client, held: client.held }],
    );
    const [first] = heldOnes;
    if (first === undefined) return;
    const ofContacts = await first.held.ask.contacts(contacts.map(({ key }) => key)).catch(() => null);
    for (const { client, held } of heldOnes) {
      const seen = contacts.filter(({ key }) => [...(ofContacts?.get(key) ?? [])].some(held.isSeen));
      const bytes =
        ofContacts === null
          ? SKIPPED
          : rowFrames(
              seen.map(({ row }) => row),
              null,
            );
      if (bytes !== null) client.write(bytes);
    }
  };

  const flush = (): void => {
    timer = undefined;
    lastFlush = performance.now();
    const rows = pending.take(rowsPerFlush);
    for (const row of rows) metrics.rowSent(now() - announcedAt(row.position));
    const everyone = rowFrames(rows, pending.size === 0 ? position : null);
    let more = pending.size > 0;
    const ofAgents = new Map<string, Buffer | null>();
    const ofAgent = (held: Held, of: readonly ChangedRow[]): Buffer | null => {
      const known = ofAgents.get(held.agent);
      if (known !== undefined) return known;
      const bytes = rowFrames(seenBy(held, of), pending.size === 0 ? position : null);
      ofAgents.set(held.agent, bytes);
      return bytes;
    };
    void tellContacts(() => [...joined].filter(({ ownRows }) => ownRows === null), rows);
    for (const client of joined) {
      if (client.ownRows === null) {
        const bytes = client.held === null ? everyone : ofAgent(client.held, rows);
        if (bytes !== null) client.write(bytes);
        continue;
      }
      const taken = client.ownRows.take(rowsPerFlush);
      const ownRows = client.held === null ? taken : seenBy(client.held, taken);
      if (client.held !== null) void tellContacts(() => [client], taken);
      const bytes = rowFrames(ownRows, hasOwnRows(client) ? null : reached(client));
      if (bytes !== null) client.write(bytes);
      if (hasOwnRows(client)) more = true;
      else if (pending.size === 0 && !isAhead(client)) client.ownRows = client.since = null;
    }
    if (more) schedule();
  };
  const schedule = (): void => {
    if (timer !== undefined) return;
    const wait = lastFlush + flushMs - performance.now();
    if (wait <= 0) flush();
    else timer = setTimeout(flush, wait);
  };
  const isAhead = ({ since }: Client): boolean =>
    since !== null && position !== null && comparePositions(since, position) > 0;
  /** Whether no row that was announced is yet to be sent to it, be it its own or everyone's. */
  const hasAll = (client: Client): boolean =>
    client.ownRows === null ? pending.size === 0 : client.ownRows.size === 0;
  const reached = ({ since }: Client): Position => laterOf(position ?? BEGINNING, since ?? BEGINNING);

  const sendMessages = ({ messages, position: at }: Entry): void => {
    for (const { conversation, bytes, receipt } of messages) {
      const clients = followers.get(conversation);
      if (clients === undefined) continue;
      for (const client of clients)
        if (!hasSeen(client, at) && isTold(client, conversation)) client.write(bytes);
      metrics.messageSent(now() - announcedAt(at));
      if (receipt !== null) metrics.acceptedToSent(now() - receiptMilliseconds(receipt));
    }
  };
  const sendGiven = ({ given, position: at }: Entry): void => {
    for (const one of given) {
      holders.given(one);
      for (const client of joined) {
        if (client.held?.given(one) === true && !hasSeen(client, at)) client.write(one.bytes);
      }
    }
  };
  const sendErased = ({ erased, position: at }: Entry): void => {
    for (const { conversation, bytes } of erased) {
      pending.drop(conversation);
      for (const client of joined) {
        client.ownRows?.drop(conversation);
        if (!hasSeen(client, at)) client.write(bytes);
      }
    }
  };
  const addRows = ({ rows, position: at }: Entry): void => {
    for (const row of rows) pending.add(row);
    for (const client of joined) {
      if (client.ownRows === null || hasSeen(client, at)) continue;
      for (const row of rows) client.ownRows.add(row);
      const skipped = shed(client.ownRows);
      if (skipped !== null) tellSkipped(client, skipped);
    }
  };
  const shed = (rows: PendingRows): ChangedRow[] | null =>
    rows.size > maxPendingRows ? rows.shed(rowsPerFlush) : null;
  /** A list can be read again; of the conversations that it follows it is told everything. */
  const tellSkipped = (client: Client, skipped: readonly ChangedRow[]): void => {
    const own = rowFrames(
      skipped.filter(({ id }) => client.follows.has(id) && isTold(client, id)),
      null,
    );
    if (own !== null) client.write(own);
    client.write(SKIPPED);
    metrics.skips.inc();
  };
  const resetAll = (): void => {
    pending.shed(0);
    for (const client of joined) {
      // What was given meanwhile is not known: it comes back, looks, and is told of the reset then.
      if (client.held === null) startAnew(client);
      else client.end();
    }
  };

  return {
    position: () => position,
    join: (client, catchUp) => {
      if (client.closed) return;
      client.since = catchUp?.since ?? null;
      client.ownRows = catchUp?.missedRows ?? (pending.size === 0 ? null : createPendingRows());
      enter(client);
      if (catchUp !== undefined && catchUp.skipped !== null) tellSkipped(client, catchUp.skipped);
      greet(client);
      if (client.ownRows !== null) schedule();
    },
    reset: (client) => {
      if (client.closed) return;
      enter(client);
      startAnew(client);
      if (!up) greet(client);
    },
    leave: (client) => {
      joined.delete(client);
      for (const id of client.follows) {
        const others = followers.get(id);
        others?.delete(client);
        if (others?.size === 0) followers.delete(id);
      }
    },
    tell: (conversation, bytes) => {
      for (const client of followers.get(conversation) ?? [])
        if (isTold(client, conversation)) client.write(bytes);
    },
    losses: () => losses,
    isLost: (after) => lostAt !== null && comparePositions(after, lostAt) <= 0,
    onUp: (at, broken) => {
      up = true;
      metrics.feedUp.set(1);
      const first = position === null;
      position = at;
      if (first || broken) replayBuffer.restart(at);
      if (broken) {
        lostAt = at;
        losses += 1;
        resetAll();
      } else for (const client of joined) greet(client);
    },
    onEntries: (entries) => {
      for (const entry of entries) {
        replayBuffer.add(entry);
        // First: what follows is told to those alone who may see it.
        sendGiven(entry);
        sendMessages(entry);
        addRows(entry);
        sendErased(entry);
        position = entry.position;
      }
      // Those with rows of their own are told by themselves.
      const skipped = shed(pending)?.filter(({ id }) => followers.has(id));
      if (skipped !== undefined) {
        for (const client of joined) if (client.ownRows === null) tellSkipped(client, skipped);
      }
      schedule();
    },
    onDown: () => {
      up = false;
      metrics.feedUp.set(0);
      for (const client of joined) client.write(frame({ event: "stalled" }));
    },
    close: () => clearTimeout(timer),
  };
}

const SKIPPED = Buffer.from(frame({ event: "skipped" }));

const hasOwnRows = ({ ownRows }: Client): boolean => ownRows !== null && ownRows.size > 0;

/** Whether it may be told of a conversation that it follows. */
const isTold = ({ held }: Client, conversation: string): boolean => held === null || held.tells(conversation);

/** What a client was sent while it caught up the reader may still have before it. */
function hasSeen({ since }: Client, at: Position): boolean {
  return since !== null && comparePositions(at, since) <= 0;
}
