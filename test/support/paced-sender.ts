import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What became of the posts of a sender that posts at a steady pace; `times` in milliseconds, of the accepted ones. */
export type Posts = { accepted: number; refused: number; statuses: Record<string, number>; times: number[] };

/** Posts every `everyMs` until `signal`, whether the one before is answered or not. `make` gives each body and its headers. */
export async function pacedSender({
  url,
  everyMs,
  signal,
  make,
}: {
  url: string;
  everyMs: number;
  signal: AbortSignal;
  make: () => { body: string; headers: Record<string, string> };
}): Promise<Posts> {
  const agent = new Agent({ keepAlive: true });
  const posts: Posts = { accepted: 0, refused: 0, statuses: {}, times: [] };
  const under: Array<Promise<void>> = [];
  while (!signal.aborted) {
    const { body, headers } = make();
    const started = performance.now();
    under.push(
      post({ url, agent, body, headers }).then((status) => {
        posts.statuses[status] = (posts.statuses[status] ?? 0) + 1;
        if (status !== "202") posts.refused += 1;
        else {
          posts.accepted += 1;
          posts.times.push(performance.now() - started);
        }
      }),
    );
    await sleep(everyMs, undefined, { signal }).catch(() => {});
  }
  await Promise.all(under);
  agent.destroy();
  return posts;
}

/** The status of one post; the error's code when there is none. */
const post = ({
  url,
  agent,
  body,
  headers,
}: {
  url: string;
  agent: Agent;
  body: string;
  headers: Record<string, string>;
}): Promise<string> =>
  new Promise((resolve) => {
    const client = request(
      `${url}/webhook/`,
      {
        method: "POST",
        agent,
        timeout: 20_000,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        response.resume().on("end", () => resolve(String(response.statusCode)));
        response.on("error", () => resolve("broken"));
      },
    );
    client.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "broken"));
    client.on("timeout", () => client.destroy());
    client.end(body);
  });
