import {
  contactPath,
  conversationIdOf,
  eventType,
  id,
  isContactUpdate,
  jobEnvelope,
  receipt,
  postedEvent,
  type JobEvent,
  type PostedEvent,
} from "@fio/contracts";
import { readTraceContext } from "@fio/service/tracing/trace-context";
import { z } from "zod";

/** An event that cannot be applied as it is, but names what it is about well enough to be kept and told of. */
export type MalformedEvent = { accepted: JobEvent; reply?: string; detail: string };

/** A job as the worker reads it. */
export type JobContent = {
  events: JobEvent[];
  malformed: MalformedEvent[];
  /** Its version, where only workers of a later version of Fio know how to read it; then nothing of it is. */
  newer: number | null;
  /** What is wrong with the rest, where not even that can be read; `null` when there is none. */
  unreadable: string | null;
};

const loose = z.object({ v: z.literal(1), events: z.array(z.unknown()).min(1) });
const later = z.object({ v: z.int().min(2) });
const outer = z.object({
  receipt,
  event: z.unknown(),
  reply: z.string().optional(),
  trace: z.unknown().optional(),
});
const bare = z.discriminatedUnion("type", [
  z.looseObject({ type: eventType.exclude(["NEW_MESSAGE", "MESSAGE_STATUS"]), data: z.looseObject({ id }) }),
  z.looseObject({ type: z.literal("NEW_MESSAGE"), data: z.looseObject({ id, conversation_id: id }) }),
  z.looseObject({ type: z.literal("UPDATE_CONTACT"), data: z.looseObject(contactPath.shape) }),
  z.looseObject({
    type: z.literal("MESSAGE_STATUS"),
    data: z.looseObject({ message_id: id, conversation_id: id }),
  }),
  z.looseObject({
    type: z.literal("RESOLVE_REJECTION"),
    data: z.looseObject({ receipt, conversation_id: id }),
  }),
]);

/** Reads each event apart, so that a bad one does not take its neighbours with it. */
export function readJob(data: unknown): JobContent {
  const newer = later.safeParse(data);
  if (newer.success) return { events: [], malformed: [], unreadable: null, newer: newer.data.v };
  const envelope = jobEnvelope.safeParse(data);
  const parsed = envelope.success ? envelope : loose.safeParse(data);
  const delivery: JobContent = { events: [], malformed: [], unreadable: null, newer: null };
  if (!parsed.success) return { ...delivery, unreadable: faultIn(parsed.error) };
  for (const item of parsed.data.events) {
    const given = outer.safeParse(item);
    if (!given.success) {
      delivery.unreadable ??= faultIn(given.error);
      continue;
    }
    const { receipt: under, event, reply } = given.data;
    const trace = readTraceContext(given.data.trace);
    const to = { ...(reply === undefined ? {} : { reply }), ...(trace === null ? {} : { trace }) };
    const whole = postedEvent.safeParse(event);
    if (whole.success) {
      delivery.events.push({ receipt: under, event: whole.data, ...to } as JobEvent);
    } else if (bare.safeParse(event).success) {
      const accepted = { receipt: under, event: inLowerCase(event as PostedEvent) } as JobEvent;
      delivery.malformed.push({ accepted, ...to, detail: `malformed: ${faultIn(whole.error)}` });
    } else {
      delivery.unreadable ??= faultIn(whole.error);
    }
  }
  return delivery;
}

/** The ids alone: by them it is found. */
function inLowerCase(event: PostedEvent): PostedEvent {
  // What follows from a channel and an id, which are kept as they are, is in lower case.
  if (isContactUpdate(event)) return event;
  const conversation = conversationIdOf(event).toLowerCase();
  switch (event.type) {
    case "RESOLVE_REJECTION":
      return { ...event, data: { ...event.data, conversation_id: conversation } };
    case "NEW_MESSAGE":
      return {
        ...event,
        data: { ...event.data, id: event.data.id.toLowerCase(), conversation_id: conversation },
      };
    case "MESSAGE_STATUS":
      return {
        ...event,
        data: {
          ...event.data,
          message_id: event.data.message_id.toLowerCase(),
          conversation_id: conversation,
        },
      };
    case "ASSIGN_CONVERSATION":
      return { ...event, data: { ...event.data, id: conversation } };
    case "NEW_CONVERSATION":
    case "CLOSE_CONVERSATION":
      return { ...event, data: { ...event.data, id: conversation } };
  }
}

/** Where and what, in one line without any content. */
function faultIn(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? "not valid" : `${issue.path.map(String).join(".") || "job"}: ${issue.message}`;
}
