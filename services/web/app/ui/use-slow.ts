import { useEffect, useState } from "react";
import { useNavigation } from "@remix-run/react";

const SLOW_MS = 200;

/** True once something has taken longer than feels instant. */
export function useSlow(busy: boolean, afterMs = SLOW_MS): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(() => setSlow(true), afterMs);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [busy, afterMs]);
  return slow && busy;
}

/** True while another conversation than `shown` is loading, and takes long. */
export function useSlowOpening(shown: string | null = null): boolean {
  const { location } = useNavigation();
  const opening = /^\/conversations\/(.+)$/.exec(location?.pathname ?? "")?.[1];
  return useSlow(opening !== undefined && opening !== shown);
}
