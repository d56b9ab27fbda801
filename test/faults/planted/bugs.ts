import { DEADLY } from "./deadly-content.ts";
import type { Bug } from "./plant.ts";

const INGEST = "services/ingest/src/main.ts";
const CONVERSATIONS = "services/conversations/src/main.ts";

/** Each is run by the file of its name beside this one. */
export const BUGS = {
  /** Answers 202 while the job is still in a buffer of its own. */
  ingestAcknowledgesEarly: {
    main: INGEST,
    file: "services/ingest/src/enqueue.ts",
    instead: "const { newConnection } = seen;",
    put: `const { takeReceipts } = await import("@fio/service/receipts");
    const { openEventQueue } = await import("@fio/service/queue");
    const early = await takeReceipts(redis, events.length, seen);
    const job = { v: 1, events: events.map((event, index) => ({ receipt: early.receipts[index], ...event })) };
    setTimeout(() => void openEventQueue(redis).add("late", job).catch(() => {}), 400);
    if (early.receipts.length > 0) return early.receipts;
    const { newConnection } = seen;`,
  },
  /** Says of every tenth job that it is done without having done it. */
  workerDropsAJob: {
    main: CONVERSATIONS,
    file: "services/conversations/src/worker/processor.ts",
    instead: "await group.submit(events, { ahead });",
    put: "await ((globalThis.jobs = (globalThis.jobs ?? 0) + 1) % 10 === 0 || group.submit(events, { ahead }));",
  },
  /** Takes an equal event for another one. */
  workerSkipsDedup: {
    main: CONVERSATIONS,
    file: "services/conversations/src/domain/settle.ts",
    instead: 'if (equal !== undefined) return { kind: "duplicate", of: equal };',
    put: "",
  },
  /** Commits that SQLite does not bring to the disk before it says that they are done. */
  sqliteCommitsEarly: {
    main: CONVERSATIONS,
    file: "services/conversations/src/store/connect.ts",
    instead: 'connection.pragma("synchronous = FULL");',
    // No checkpoint, which would bring the log to the disk now and then.
    put: 'connection.pragma("synchronous = NORMAL"); connection.pragma("wal_autocheckpoint = 0");',
  },
  /** Is killed, as by the kernel, whenever it meets one content: no handler runs, nothing is given back. */
  workerDiesOfAnEvent: {
    main: CONVERSATIONS,
    file: "services/conversations/src/store/apply.ts",
    instead: "const updates = batch.events.filter(isAboutContact);",
    put: `if (JSON.stringify(batch.events).includes(${JSON.stringify(DEADLY)})) process.kill(process.pid, "SIGKILL");
  const updates = batch.events.filter(isAboutContact);`,
  },
  /** Gives each attempt at a message an id of its own. */
  deliversUnderNewIds: {
    main: CONVERSATIONS,
    file: "services/conversations/src/delivery/post.ts",
    instead: "...standardSignatures({ keys, id, body, now: now() }),",
    put: "...standardSignatures({ keys, id: id.slice(0, 24) + Math.random().toString().slice(2, 14), body, now: now() }),",
  },
  /** Takes the latest status of a message for its state. */
  statusGoesBack: {
    main: CONVERSATIONS,
    file: "services/conversations/src/store/status-statements.ts",
    instead: "rank: rankOf({ ...event.data, timestamp: event.timestamp }),",
    put: "rank: `${event.timestamp} ${event.data.status}`,",
  },
  /** Calls a customer what was said before, however long ago. */
  contactGoesBack: {
    main: CONVERSATIONS,
    file: "services/conversations/src/store/contact-statements.ts",
    instead: "order by latest.receipt desc limit 1",
    put: "order by latest.receipt limit 1",
  },
  /** Lets what was said of a customer's phone bring back the name that was said with it. */
  olderNameComesBack: {
    main: CONVERSATIONS,
    file: "services/conversations/src/domain/contact.ts",
    instead: "of sayings.toSorted(byReceipt)",
    put: "of sayings",
  },
  /** Takes whatever Redis answers for the one that gave the last receipt. */
  receiptsTrustAnyRedis: {
    main: INGEST,
    file: "packages/service/src/receipts.ts",
    instead: "type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''",
    put: "'any'",
  },
} satisfies Record<string, Bug>;
