import { setTimeout as sleep } from "node:timers/promises";
import { hubSignature } from "@fio/service/signature";

export type Sender = {
  /** Posts until it is accepted or refused with a 4xx, as a sender should: anything else is sent again. */
  post: (body: unknown, signal: AbortSignal) => Promise<"accepted" | "refused" | "given up">;
  /** How many answers were neither, so far. */
  retries: () => number;
};

/** Posts to ingest's webhook; signed (`X-Hub-Signature-256`) when there is a key. */
export function createSender({ url, key }: { url: string; key: Buffer | undefined }): Sender {
  let retries = 0;
  return {
    retries: () => retries,
    post: async (body, signal) => {
      const text = JSON.stringify(body);
      const headers = {
        "content-type": "application/json",
        ...(key === undefined ? {} : hubSignature({ key, body: text })),
      };
      for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(2 * pauseMs, 5_000)) {
        const status = await fetch(`${url}/webhook/`, {
          method: "POST",
          headers,
          body: text,
          signal: AbortSignal.timeout(5_000),
        }).then(
          async (answer) => {
            await answer.arrayBuffer();
            return answer.status;
          },
          () => 0,
        );
        if (status >= 200 && status < 300) return "accepted";
        if (status >= 400 && status < 500) return "refused";
        retries++;
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
      return "given up";
    },
  };
}
