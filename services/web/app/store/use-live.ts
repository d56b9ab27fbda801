import { useEffect } from "react";
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
  const position = matches
    .flatMap(({ data }) => (data as Positioned)?.position ?? [])
    .reduce<string | null>((first, one) => (first === null ? one : earlierOf(first, one)), null);
  useEffect(() => browserFeed(store).follow(id, position), [store, id, position]);
  useEffect(() => onReset(() => revalidator.revalidate()), [revalidator]);
}
