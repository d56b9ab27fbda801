import { connect, createServer } from "node:net";

/** A way to Postgres that counts how often the client spoke after it had listened. */
export type CountedWay = { url: string; count: () => number; close: () => Promise<void> };

export async function countRoundTrips(url: string): Promise<CountedWay> {
  const target = new URL(url);
  let count = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let listened = true;
    client.on("data", (chunk) => {
      if (listened) count += 1;
      listened = false;
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      listened = true;
      client.write(chunk);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("close", () => other.destroy());
      one.on("error", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const way = new URL(url);
  way.host = `127.0.0.1:${address.port}`;
  return {
    url: way.href,
    count: () => count,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
