/** A request whose body is whole and signed, on its way to the queue. `leave` may be called more than once. */
export type Ticket = { leave: () => void };

export type Admission = {
  /** Whether another request would be refused, so that its body need not be read. */
  isFull: () => boolean;
  /** `null` when too much waits. */
  enter: (bytes: number) => Ticket | null;
};

export type AdmissionLimits = { maxRequests: number; maxBytes: number };

export const ADMISSION_LIMITS: AdmissionLimits = { maxRequests: 10_000, maxBytes: 64 * 1024 * 1024 };

/**
 * Bounds what waits for the queue at one time, in requests and in bytes: when Redis hangs, the rest is refused at once
 * and memory stays bounded. It holds requests that have been read and verified, see `BodyBudget` for the
 * others.
 */
export function createAdmission({ maxRequests, maxBytes }: AdmissionLimits = ADMISSION_LIMITS): Admission {
  let requests = 0;
  let bytes = 0;
  const isFull = (): boolean => requests >= maxRequests || bytes >= maxBytes;
  return {
    isFull,
    enter: (own) => {
      if (isFull() || bytes + own > maxBytes) return null;
      requests += 1;
      bytes += own;
      let inside = true;
      return {
        leave: () => {
          if (!inside) return;
          inside = false;
          requests -= 1;
          bytes -= own;
        },
      };
    },
  };
}
