import type { Receipt } from "@fio/contracts";
import { request } from "./client.ts";
import { creation, message, type SentEvent } from "./events.ts";
import { startSystem } from "./system.ts";
import { until } from "./until.ts";

const SENDERS = 16;

export type LogVolume = {
  /** What each service had written when all was applied and it had ended, beyond what it writes without any event. */
  bytes: Record<"ingest" | "conversations", number>;
  logs: Record<"ingest" | "conversations", string>;
  /** One of the events, and the receipt that its sender was given. */
  example: { event: SentEvent; receipt: Receipt };
};

/** Sends so many events, one a request, through both services, and measures what they log at a level. */
export async function logVolume({ events, level }: { events: number; level: string }): Promise<LogVolume> {
  const system = await startSystem({ env: { LOG_LEVEL: level } });
  try {
    const { ingests, conversations, ingestUrl, apiUrl } = system;
    const [ingest, conversation] = [ingests[0], conversations[0]];
    if (ingest === undefined || conversation === undefined) throw new Error("a service is missing");
    const services = { ingest, conversations: conversation };
    const idle = { ingest: await services.ingest.log(), conversations: await services.conversations.log() };
    const post = async (event: SentEvent): Promise<Receipt> => {
      const { status, body } = await request<{ receipt: Receipt }>(`${ingestUrl}/webhook/`, { body: event });
      if (status !== 202) throw new Error(`an event was answered ${status}`);
      return body.receipt;
    };
    const created = creation();
    const id = created.data["id"] ?? "";
    await post(created);
    const event = message(id);
    const receipt = await post(event);
    let left = events - 2;
    const send = async (): Promise<void> => {
      while ((left -= 1) >= 0) await post(message(id));
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    const count = async (): Promise<number> =>
      (await request<{ message_count?: number }>(`${apiUrl}/conversations/${id}/?limit=1`)).body
        .message_count ?? 0;
    await until(async () => (await count()) === events - 1, { what: "all is applied", limitMs: 120_000 });
    await Promise.all(Object.values(services).map((service) => service.stop()));
    const logs = { ingest: await services.ingest.log(), conversations: await services.conversations.log() };
    const bytes = {
      ingest: logs.ingest.length - idle.ingest.length,
      conversations: logs.conversations.length - idle.conversations.length,
    };
    return { bytes, logs, example: { event, receipt } };
  } finally {
    await system.remove();
  }
}
