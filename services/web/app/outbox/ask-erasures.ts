import { ownName } from "../device/account.ts";
import { DRAFT } from "../device/drafts.ts";
import { dataPath } from "../names/paths.ts";
import { browserOutbox } from "./browser-outbox.ts";

const ASKED = ownName("fio.erasures");
/** An erasure may be told later than it is dated, and clocks differ. */
const OVERLAP_MS = 24 * 3_600_000;
const LIMIT_MS = 12_000;

type Erasures = { ids: string[]; next: string | null };

/** What was erased since this browser last asked, by whatever it may keep of it. Throws when the server cannot say. */
export async function askErasures(): Promise<string[]> {
  await browserOutbox().known;
  const askedAt = Date.now();
  const last = Number(localStorage.getItem(ASKED) ?? "0");
  // A browser that is new here keeps nothing from before.
  if (last === 0 && !keepsAnything()) {
    localStorage.setItem(ASKED, String(askedAt));
    return [];
  }
  const ids: string[] = [];
  const since = new Date(Math.max(0, last - OVERLAP_MS)).toISOString();
  for (let page: string | null = null; ;) {
    const answer = await fetch(dataPath.erasures(page === null ? { since } : { page }), {
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!answer.ok) throw new Error(`erasures: ${answer.status}`);
    const told = (await answer.json()) as Erasures;
    ids.push(...told.ids);
    if (told.next === null) break;
    page = told.next;
  }
  localStorage.setItem(ASKED, String(askedAt));
  return ids;
}

const keepsAnything = (): boolean =>
  browserOutbox().entries().length > 0 ||
  Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "").some((key) =>
    key.startsWith(DRAFT),
  );
