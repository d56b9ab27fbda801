import { connect, type Socket } from "node:net";

export type StalledSenders = {
  /** Connections that are open right now. */
  open: () => number;
  /** How many were ended by the server so far, each followed by a new one. */
  ended: () => number;
  stop: () => void;
};

const AGAIN_MS = 100;

/**
 * Keeps `connections` open, from `addresses` in turn, each of which posts a body of `declared` bytes, writes `sent` of
 * them and stalls; `trickle` bytes a second follow. One that the server ends is opened again at once. `headers` are
 * made for each.
 */
export function stalledSenders({
  url,
  connections,
  addresses,
  declared,
  sent,
  trickle = 0,
  headers = () => ({}),
}: {
  url: string;
  connections: number;
  addresses: readonly string[];
  declared: number;
  sent: number;
  trickle?: number;
  headers?: (index: number) => Record<string, string>;
}): StalledSenders {
  const { hostname, port } = new URL(url);
  const body = Buffer.alloc(sent, "x");
  const open = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let ended = 0;
  let stopped = false;

  const begin = (index: number): void => {
    const localAddress = addresses[index % addresses.length] as string;
    const socket = connect({ host: hostname, port: Number(port), localAddress }, () => {
      const lines = Object.entries({
        host: "fio.test",
        "content-type": "application/json",
        "content-length": String(declared),
        ...headers(index),
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`POST /webhook/ HTTP/1.1\r\n${lines.join("")}\r\n`);
      socket.write(body);
    });
    open.add(socket);
    socket.on("error", () => {}).resume();
    const drip = trickle > 0 ? setInterval(() => socket.write(Buffer.alloc(trickle, "x")), 1_000) : undefined;
    socket.on("close", () => {
      clearInterval(drip);
      open.delete(socket);
      if (stopped) return;
      ended += 1;
      const timer = setTimeout(() => {
        timers.delete(timer);
        begin(index);
      }, AGAIN_MS);
      timers.add(timer);
    });
  };
  for (let index = 0; index < connections; index += 1) begin(index);
  return {
    open: () => open.size,
    ended: () => ended,
    stop: () => {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      for (const socket of open) socket.destroy();
    },
  };
}
