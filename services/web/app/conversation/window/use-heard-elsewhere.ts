import { useEffect, useState } from "react";
import type { ContactRow } from "@fio/contracts";
import { dataPath } from "../../names/paths.ts";
import type { ContactPage } from "../../server/contact-page.server.ts";
import { getJson } from "../../stream/get-json.ts";
import { heardBy } from "./window.ts";

const AGAIN_MS = 5_000;

/**
 * When the customer last wrote in any of their conversations but `except`, the one that tells for itself, on this channel, in milliseconds: the 24 hours are the person's,
 * not the conversation's. `null`: never; `undefined`: not known yet, or nobody wants to know.
 */
export function useHeardElsewhere(
  { channel, id }: Pick<ContactRow, "channel" | "id">,
  { wanted, except }: { wanted: boolean; except: string | undefined },
): number | null | undefined {
  const [known, setKnown] = useState<{ of: string; at: number | null } | null>(null);
  const of = JSON.stringify([channel, id]);
  useEffect(() => {
    if (!wanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let left = false;
    const ask = (): void =>
      void getJson<ContactPage>(dataPath.contact({ channel, id })).then((page) => {
        if (left) return;
        if (page === null) timer = setTimeout(ask, AGAIN_MS);
        else setKnown({ of, at: lastHeard(page, { channel, except }) });
      });
    ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [channel, id, of, wanted, except]);
  return known?.of === of ? known.at : undefined;
}

function lastHeard(
  { conversations }: ContactPage,
  { channel, except }: { channel: string; except: string | undefined },
): number | null {
  const instants = conversations
    .filter(({ id, contact }) => contact?.channel === channel && id !== except)
    .flatMap((row) => heardBy(row) ?? []);
  return instants.length === 0 ? null : Math.max(...instants);
}
