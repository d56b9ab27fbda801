import { z } from "zod";
import { parseDay, parseTimestamp, type TimeSpan, type Timestamp } from "./instants.ts";

/** What a sender may write; parsed into a {@link Timestamp}. */
export const timestampInput = z
  .string()
  .transform((text, context) => {
    const timestamp = parseTimestamp(text);
    if (timestamp !== null) return timestamp;
    context.addIssue({
      code: "custom",
      message:
        "must be a real date and time in ISO 8601 with at most 9 fraction digits, e.g. 2025-02-21T10:20:42.349308",
    });
    return z.NEVER;
  })
  .meta({
    description:
      "ISO 8601 with up to 9 fraction digits, cut to microseconds; without an offset it is UTC. At most 24 hours ahead " +
      "of Fio's clock: a timestamp in the future is kept as sent, and the message is placed where it was received.",
    examples: ["2025-02-21T10:20:42.349308"],
  });

const dateOrTime = (of: (span: TimeSpan) => Timestamp) =>
  z.string().transform((text, context) => {
    const day = parseDay(text);
    const moment = day === null ? parseTimestamp(text) : of(day);
    if (moment !== null) return moment;
    context.addIssue({
      code: "custom",
      message:
        "must be a real date, or date and time, in ISO 8601, e.g. 2025-02-21, 2025-02-21-03:00 or " +
        "2025-02-21T10:20:42Z; a + in a query is written %2B",
    });
    return z.NEVER;
  });

/** A time that a reader asks for; a date is its beginning. */
export const momentInput = dateOrTime(({ begin }) => begin);

/** The end of a time that a reader asks for, which is not in it any more; a date is in it as a whole. */
export const endInput = dateOrTime(({ end }) => end);

/** What the API prints. */
export const timestamp = z
  .custom<Timestamp>((value) => typeof value === "string")
  .meta({
    id: "Timestamp",
    description: "UTC with microseconds.",
    examples: ["2025-02-21T10:20:42.349308Z"],
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      jsonSchema.type = "string";
      jsonSchema.format = "date-time";
    },
  });
