import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A stretch of network that can fail: everything through it can be cut, refused for a while, or left hanging. */
export type Cuttable = {
  url: string;
  /** Connections that are open now. */
  open: () => number;
  /** Ends all with a reset, as a router that forgets them; how many there were. */
  cut: () => number;
  /** Takes connections and passes nothing on, without a word to either side. */
  hang: () => void;
  /** What is open now passes nothing on any more, without a word; new connections are well. Gives how many there were. */
  hangOpen: () => number;
  /** How many of those that {@link hangOpen} has silenced are still open. */
  silent: () => number;
  /** Ends {@link Cuttable.hang} for what comes from now on; what is open stays as it is. */
  passOn: () => void;
  /** Passes at most so many bytes more of each connection's answers, then cuts it: in the middle of a frame. */
  cutAfter: (bytes: number) => void;
  /** New connections are reset at once, as where nobody listens. */
  refuse: () => void;
  /** New connections go to another server, as when a name is given a new address; those that are open stay where they are. */
  leadTo: (target: string) => void;
  /** All is well again for what comes from now on; what hung or was to be cut is cut. */
  heal: () => void;
  close: () => Promise<void>;
};

/** Listens on a free port of this machine and passes TCP on to `target`. */
export async function cuttable(target: string): Promise<Cuttable> {
  let { hostname, port } = new URL(target);
  const pairs = new Set<{ near: Socket; far: Socket; left: number; mute: boolean }>();
  let state: "well" | "hanging" | "refusing" = "well";

  const end = (pair: { near: Socket; far: Socket }): void => {
    pair.near.resetAndDestroy();
    pair.far.destroy();
  };
  const cut = (): number => {
    const count = pairs.size;
    for (const pair of pairs) end(pair);
    return count;
  };
  const server = createServer((near) => {
    if (state === "refusing") {
      near.on("error", () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    near.setNoDelay(true);
    const pair = { near, far, left: Infinity, mute: false };
    pairs.add(pair);
    const forget = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on("error", forget);
      socket.on("close", forget);
    }
    // Not `pipe`: while it hangs both sides must be read and nothing passed on.
    near.on("data", (chunk: Buffer) => {
      if (state !== "hanging" && !pair.mute) far.write(chunk);
    });
    far.on("data", (chunk: Buffer) => {
      if (state === "hanging" || pair.mute) return;
      near.write(chunk.subarray(0, pair.left));
      pair.left -= chunk.length;
      if (pair.left <= 0) near.end(forget);
    });
    near.on("end", () => far.end());
    far.on("end", () => near.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => pairs.size,
    cut,
    hang: () => void (state = "hanging"),
    hangOpen: () => {
      for (const pair of pairs) pair.mute = true;
      return pairs.size;
    },
    silent: () => [...pairs].filter(({ mute }) => mute).length,
    passOn: () => void (state = "well"),
    cutAfter: (bytes) => {
      for (const pair of pairs) pair.left = bytes;
    },
    refuse: () => {
      state = "refusing";
      cut();
    },
    leadTo: (other) => {
      ({ hostname, port } = new URL(other));
    },
    heal: () => {
      if (state !== "well") cut();
      for (const pair of pairs) if (pair.left !== Infinity) end(pair);
      state = "well";
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
