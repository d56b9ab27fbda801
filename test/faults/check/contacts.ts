import type { Receipt } from "@fio/contracts";
import { contactKey, type Snapshot } from "../rig/store/snapshot.ts";
import { wrong, type Violation } from "./violation.ts";

/** Whoever a customer is called after, held against all creations that say so: the one with the greatest receipt counts. */
export function contactViolations({ applied, names }: Snapshot): Violation[] {
  const said = new Map<string, { receipt: Receipt; name: string | null }>();
  const named = new Set<string>();
  for (const { receipt, event } of applied) {
    if (event.type !== "NEW_CONVERSATION" || event.data.contact === undefined) continue;
    const { name } = event.data.contact;
    const key = contactKey(event.data.contact);
    named.add(key);
    const before = said.get(key);
    if (name !== undefined && (before === undefined || receipt > before.receipt))
      said.set(key, { receipt, name });
  }
  return [...named].flatMap((key) => {
    const [is, should] = [names.get(key), said.get(key)?.name ?? null];
    return is === should ? [] : [wrong(`contact ${key} is called ${is}, by what was said last ${should}`)];
  });
}
