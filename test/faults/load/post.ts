import { Agent, request } from "node:http";
import type { Random } from "../../support/random.ts";
import type { SentEvent } from "./journal.ts";

/** `null`: no answer, and the request may have been accepted all the same; `"never sent"`: nobody listened. */
export type Posted = { status: number; body: string } | "never sent" | null;

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

/** Posts one event as it is or several as an array. `limitMs` is how long this sender waits for an answer. */
export function post(
  ingestUrl: string,
  body: string,
  limitMs: number,
  headers: Record<string, string> = {},
): Promise<Posted> {
  return new Promise((resolve) => {
    const call = request(
      `${ingestUrl}/webhook/`,
      {
        agent,
        method: "POST",
        timeout: limitMs,
        headers: {
          ...headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
        answer.on("error", () => resolve(null));
        answer.on("aborted", () => resolve(null));
      },
    );
    call.on("timeout", () => call.destroy());
    call.on("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ECONNREFUSED" ? "never sent" : null),
    );
    call.end(body);
  });
}

/** But for a contact's id, which is whatever its sender calls it. */
function inUpperCase({ type, data }: SentEvent): SentEvent["data"] {
  if (type === "UPDATE_CONTACT") return data;
  return "message_id" in data
    ? { ...data, message_id: data.message_id.toUpperCase() }
    : { ...data, id: data.id.toUpperCase() };
}

/** As senders write: ids in either case, timestamps with and without the offset. */
export function wireBody(events: readonly SentEvent[], random: Random): string {
  const written = events.map((event) => ({
    type: event.type,
    timestamp: random.chance(0.5) ? event.timestamp.slice(0, -1) : event.timestamp,
    data: random.chance(0.1) ? inUpperCase(event) : event.data,
  }));
  return JSON.stringify(written.length === 1 ? written[0] : written);
}
