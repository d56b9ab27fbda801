import type { RejectionPage } from "./rejection-page.ts";

/** A page of refusals as it is now; `null` when it is not available. `query` as in the page's address. */
export const fetchRejections = async (query: string): Promise<RejectionPage | null> =>
  fetch(`/data/rejections?${query}`)
    .then(async (answer) => (answer.ok ? ((await answer.json()) as RejectionPage | null) : null))
    .catch(() => null);
