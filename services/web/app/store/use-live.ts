import { useEffect, useRef, useSyncExternalStore } from "react";
import { useMatches, useRevalidator } from "@remix-run/react";
import { earlierOf } from "@fio/contracts/positions";
import { useStore } from "./context.tsx";
import { browserFeed, onReset } from "./browser-feed.ts";

type Positioned = { position?: string | null } | undefined;

/** Keeps what is on the page live: follows the open conversation from where its snapshot ends. */
export function useLive(): void {
  const store = useStore();
  const matches = useMatches();
  const revalidator = useRevalidator();
  const id = matches.at(-1)?.params["id"] ?? null;
  const list = matches.map(({ data }) => (data as Positioned)?.position ?? null).find((one) => one !== null);
  const read = (): string | null => (id === null ? null : store.position(id));
  const thread = useSyncExternalStore(store.subscribe, read, read);
  // From where the list was read only once: from then on the stream has no gap.
  const followed = useRef<string | null>(null);
  useEffect(() => {
    const fresh = list === undefined || list === followed.current ? null : list;
    followed.current = list ?? null;
    const after = fresh === null || thread === null ? (fresh ?? thread) : earlierOf(fresh, thread);
    browserFeed(store).follow(thread === null ? null : id, after);
  }, [store, id, thread, list]);
  useEffect(() => onReset(() => revalidator.revalidate()), [revalidator]);
}
