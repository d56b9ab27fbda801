import type { Duplex } from "node:stream";

type Connection = { query: (...given: never[]) => unknown; connection: { stream: Duplex } };

/**
 * Lets all statements that a new connection of pg is given in one turn of the event loop leave in one write. The driver
 * writes each by itself, and with small transactions a quarter of a worker's time went into that.
 */
export function writeAtOnce(client: Connection): void {
  const query = client.query.bind(client);
  let isHeld = false;
  client.query = (...given) => {
    if (!isHeld) {
      const { stream } = client.connection;
      isHeld = true;
      stream.cork();
      setImmediate(() => {
        isHeld = false;
        stream.uncork();
      });
    }
    return query(...given);
  };
}
