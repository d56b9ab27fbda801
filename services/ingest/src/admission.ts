/** A request that has been let in. */
export type Ticket = {
  /** Takes room for a part of its body; `false` when there is none left. */
  hold: (bytes: number) => boolean;
  /** Gives back all that it held; more than once does no harm. */
  leave: () => void;
};

export type Admission = { enter: () => Ticket | null };

/**
 * Bounds what waits for the queue at one time, in requests and in bytes: when Redis hangs, or thousands of senders
 * are slow, the rest is refused at once and the process keeps its memory.
 */
export function createAdmission({
  maxRequests = 10_000,
  maxBytes = 128 * 1024 * 1024,
}: { maxRequests?: number; maxBytes?: number } = {}): Admission {
  let requests = 0;
  let bytes = 0;
  return {
    enter: () => {
      if (requests >= maxRequests || bytes >= maxBytes) return null;
      requests += 1;
      let held = 0;
      let inside = true;
      return {
        hold: (more) => {
          if (bytes + more > maxBytes) return false;
          bytes += more;
          held += more;
          return true;
        },
        leave: () => {
          if (!inside) return;
          inside = false;
          requests -= 1;
          bytes -= held;
        },
      };
    },
  };
}
