import { useCallback, useRef } from "react";
import { onRefusals, type RefusalsChange } from "./browser-feed.ts";
import { usePacedReads } from "./use-paced-reads.ts";

/** Reads again when what is left out has changed. `skip`: of changes after which there is nothing to read. */
export function useRefusals({
  read,
  restMs,
  skip = () => false,
}: {
  /** Resolves to whether there was an answer. */
  read: () => Promise<boolean>;
  restMs: number;
  skip?: (change: RefusalsChange) => boolean;
}): void {
  const latest = useRef(skip);
  latest.current = skip;
  const listen = useCallback(
    (changed: (inMs: number) => void) =>
      onRefusals((change) => {
        if (!latest.current(change)) changed(change.reported_in);
      }),
    [],
  );
  usePacedReads({ read, restMs, listen });
}
