import type {
  Author,
  ContactSaid,
  Direction,
  Media,
  NewMessage,
  PostedEvent,
  ProblemCode,
  Receipt,
  Rejection,
  Result,
  Timestamp,
} from "@fio/contracts";
import type { Api } from "./api.ts";
import { carriedConversationId, carriedMessageId } from "./carried-ids.ts";
import type { Ingest } from "./ingest.ts";
import { isUnavailable } from "./unavailable.ts";

/**
 * What became of carrying a refused message over. `gone`: nothing is refused under the receipt, or no longer. `failed`:
 * nothing is lost, and the same call goes on from there; `conversation` where the messages are by then, if they are.
 */
export type Carried =
  { kind: "carried"; conversation: string } | { kind: "gone" } | { kind: "not_carriable" } | Failed;

export type Failed = {
  kind: "failed";
  /** `queue`, `api`: they did not answer. `slow`: accepted, no outcome in time. `refused`: with this code. */
  reason: "queue" | "api" | "slow" | "refused";
  code?: ProblemCode;
  conversation: string | null;
};

type Dependencies = {
  api: Pick<Api, "rejection" | "rejections" | "conversation" | "outcome">;
  ingest: Pick<Ingest, "postAll">;
  stamp: () => Timestamp;
};

/** A refused message, as the API tells of it. */
type Late = {
  receipt: Receipt;
  timestamp: Timestamp;
  direction: Direction;
  content: string;
  author?: Author;
  media?: Media;
};

const WAIT_SECONDS = 10;
/** Of one conversation's late messages at one time; those that are left are carried to the same place by the next call. */
const MOST = 1_000;
const PAGE = 100;
/** A new conversation that is closed at once is left, and another one begun. */
const ATTEMPTS = 5;

/**
 * Writes a message that came after the close anew in another conversation, and with it all of that conversation's that
 * nobody has seen to: what a customer wrote stays together. They go to where the earlier ones were carried, while that is
 * open, else to a new conversation. Nothing of it comes from the browser but the receipt.
 */
export async function carryOver(dependencies: Dependencies, receipt: Receipt): Promise<Carried> {
  try {
    return await carry(dependencies, receipt);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { kind: "failed", reason: "api", conversation: null };
  }
}

async function carry({ api, ingest, stamp }: Dependencies, receipt: Receipt): Promise<Carried> {
  const read = await api.rejection(receipt);
  if (read.kind === "refused") return { kind: "gone" };
  const { conversation_id: from, resolution } = read.data;
  const asked = lateFrom(read.data);
  if (asked === null) return { kind: "not_carriable" };
  if (resolution?.how === "carried" && resolution.carried_to !== undefined) {
    return { kind: "carried", conversation: resolution.carried_to };
  }
  const group = await togetherWith(api, read.data, asked);
  const carriedTo = await carriedBefore(api, group, asked);
  /** Messages that a conversation refused into which they were carried: they are late there too. */
  const copies: Array<{ receipt: Receipt; from: string }> = [];

  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const left = group.filter((late) => !carriedTo.has(late.receipt));
    if (left.length === 0) break;
    const target = await targetFor(api, { from, first: group[0] ?? asked, carriedTo });
    if (target === null) break;
    const posted = await postMessages(ingest, left, target);
    if (posted.kind !== "settled") return { ...failureOf(posted), conversation: null };
    for (const [index, late] of left.entries()) {
      const result = posted.results[index];
      const settled = await settledWhere(api, late, result, target.id);
      if (settled.kind === "failed") return settled;
      if (settled.kind === "in") carriedTo.set(late.receipt, settled.conversation);
      else if (result !== undefined) copies.push({ receipt: result.receipt, from: target.id });
    }
  }
  const conversation = carriedTo.get(asked.receipt);
  if (conversation === undefined) {
    return { kind: "failed", reason: "refused", code: "CONVERSATION_CLOSED", conversation: null };
  }
  const acts = [
    ...group.flatMap((late) => {
      const to = carriedTo.get(late.receipt);
      return to === undefined ? [] : [{ receipt: late.receipt, from, to }];
    }),
    ...copies.map((copy) => ({ ...copy, to: conversation })),
  ].map((act): PostedEvent => ({
    type: "RESOLVE_REJECTION",
    timestamp: stamp(),
    data: { receipt: act.receipt, conversation_id: act.from, how: "carried", carried_to: act.to },
  }));
  const marked = await ingest.postAll(acts, { waitSeconds: WAIT_SECONDS });
  if (marked.kind === "settled" || marked.kind === "accepted") return { kind: "carried", conversation };
  return { ...failureOf(marked), conversation };
}

/** Marks a refused event as one that needs nothing more. */
export async function markSeen(
  { api, ingest, stamp }: Pick<Dependencies, "ingest" | "stamp"> & { api: Pick<Api, "rejection"> },
  receipt: Receipt,
): Promise<{ kind: "seen" } | { kind: "gone" } | Failed> {
  try {
    const read = await api.rejection(receipt);
    if (read.kind === "refused") return { kind: "gone" };
    if (read.data.resolution !== null) return { kind: "seen" };
    const data = { receipt, conversation_id: read.data.conversation_id, how: "seen" as const };
    const act: PostedEvent = { type: "RESOLVE_REJECTION", timestamp: stamp(), data };
    const marked = await ingest.postAll([act], { waitSeconds: WAIT_SECONDS });
    if (marked.kind === "settled" || marked.kind === "accepted") return { kind: "seen" };
    return { ...failureOf(marked), conversation: null };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { kind: "failed", reason: "api", conversation: null };
  }
}

/** `null` for what is no message, and for what is not refused for good. */
function lateFrom({ receipt, event, reason }: Rejection): Late | null {
  const { content, direction, author, media } = event.data;
  if (event.type !== "NEW_MESSAGE" || content === undefined) return null;
  if (direction !== "RECEIVED" && direction !== "SENT") return null;
  if (reason !== "CONVERSATION_CLOSED" && reason !== "MESSAGE_ID_CONFLICT") return null;
  const more = { ...(author === undefined ? {} : { author }), ...(media === undefined ? {} : { media }) };
  return { receipt, timestamp: event.timestamp, direction, content, ...more };
}

/** With a customer's late message all of that conversation's that nobody has seen to, oldest first. */
async function togetherWith(
  api: Dependencies["api"],
  { conversation_id: conversation, reason }: Rejection,
  asked: Late,
): Promise<Late[]> {
  if (reason !== "CONVERSATION_CLOSED" || asked.direction !== "RECEIVED") return [asked];
  const found = new Map([[asked.receipt, asked]]);
  let page: string | null = query({ limit: PAGE });
  while (page !== null && found.size < MOST) {
    const read = await api.rejections({
      conversation,
      reasons: ["CONVERSATION_CLOSED"],
      unresolved: true,
      page,
    });
    if (read.kind === "refused") break;
    for (const late of read.data.map(lateFrom)) if (late !== null) found.set(late.receipt, late);
    page = read.next;
  }
  return [...found.values()].toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1));
}

/** Where those are that a call which did not get to its end has carried. */
async function carriedBefore(
  api: Dependencies["api"],
  group: readonly Late[],
  asked: Late,
): Promise<Map<Receipt, string>> {
  const found = new Map<Receipt, string>();
  const look = async ({ receipt }: Late): Promise<void> => {
    const place = await appliedIn(api, receipt);
    if (place !== null) found.set(receipt, place);
  };
  // They are carried in order, so that where neither is, none is.
  await look(group[0] ?? asked);
  await look(asked);
  if (found.size > 0) for (const late of group) if (!found.has(late.receipt)) await look(late);
  return found;
}

async function appliedIn(api: Dependencies["api"], receipt: Receipt): Promise<string | null> {
  const read = await api.outcome("NEW_MESSAGE", carriedMessageId(receipt));
  return read.kind === "ok" && read.data.outcome === "applied" ? read.data.conversation_id : null;
}

type Target = { id: string; creation: PostedEvent | null };

/** An open conversation, where others of this one's were carried before or a new one; `null` when none can be had. */
async function targetFor(
  api: Dependencies["api"],
  { from, first, carriedTo }: { from: string; first: Late; carriedTo: ReadonlyMap<Receipt, string> },
): Promise<Target | null> {
  const stateOf = async (id: string): Promise<"OPEN" | "CLOSED" | null> => {
    const read = await api.conversation(id, { page: null, limit: 1 });
    return read.kind === "ok" ? read.data.state : null;
  };
  const known = [...carriedTo.values()].at(-1) ?? (await lastCarriedTo(api, from));
  if (known !== null && (await stateOf(known)) === "OPEN") return { id: known, creation: null };
  const customer = await customerOf(api, from);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const id = carriedConversationId(first.receipt, attempt);
    const state = await stateOf(id);
    if (state === "CLOSED") continue;
    return {
      id,
      creation: { type: "NEW_CONVERSATION", timestamp: first.timestamp, data: { id, ...customer } },
    };
  }
  return null;
}

/** Whose conversation it is, if that is known: what is carried stays theirs. */
async function customerOf(api: Dependencies["api"], id: string): Promise<{ contact?: ContactSaid }> {
  const read = await api.conversation(id, { page: null, limit: 1 });
  if (read.kind === "refused" || read.data.contact === undefined) return {};
  const { channel, id: named } = read.data.contact;
  return { contact: { channel, id: named } };
}

async function lastCarriedTo(api: Dependencies["api"], from: string): Promise<string | null> {
  const read = await api.rejections({
    conversation: from,
    reasons: ["CONVERSATION_CLOSED"],
    page: query({ limit: PAGE }),
  });
  if (read.kind === "refused") return null;
  return read.data.find(({ resolution }) => resolution?.how === "carried")?.resolution?.carried_to ?? null;
}

const query = ({ limit }: { limit: number }): string => `limit=${limit}`;

/** In order, each under the time at which it was sent. The results are those of the messages. */
async function postMessages(
  ingest: Dependencies["ingest"],
  messages: readonly Late[],
  { id, creation }: Target,
): ReturnType<Ingest["postAll"]> {
  const events = messages.map(({ receipt, timestamp, ...written }): NewMessage => ({
    type: "NEW_MESSAGE",
    timestamp,
    data: { id: carriedMessageId(receipt), ...written, conversation_id: id },
  }));
  const all = creation === null ? events : [creation, ...events];
  const posted = await ingest.postAll(all, { waitSeconds: WAIT_SECONDS });
  if (posted.kind !== "settled") return posted;
  return { kind: "settled", results: creation === null ? posted.results : posted.results.slice(1) };
}

/** The conversation that a message is in now; `closed`: the one that it was posted to refused it. */
async function settledWhere(
  api: Dependencies["api"],
  late: Late,
  result: Result | undefined,
  target: string,
): Promise<{ kind: "in"; conversation: string } | { kind: "closed" } | Failed> {
  if (result?.status === "applied" || result?.status === "duplicate")
    return { kind: "in", conversation: target };
  if (result?.status !== "rejected") return { kind: "failed", reason: "slow", conversation: target };
  const { code } = result.problem;
  if (code === "CONVERSATION_CLOSED") return { kind: "closed" };
  // Another call has carried it elsewhere.
  const elsewhere = code === "MESSAGE_ID_CONFLICT" ? await appliedIn(api, late.receipt) : null;
  if (elsewhere !== null) return { kind: "in", conversation: elsewhere };
  return { kind: "failed", reason: "refused", code, conversation: target };
}

function failureOf(posted: Exclude<Awaited<ReturnType<Ingest["postAll"]>>, { kind: "settled" }>): Failed {
  const of = { kind: "failed", conversation: null } as const;
  if (posted.kind === "accepted") return { ...of, reason: "slow" };
  if (posted.kind === "unsent") return { ...of, reason: "queue" };
  return { ...of, reason: "refused", code: posted.code };
}
