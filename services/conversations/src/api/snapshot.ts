import type { Response } from "express";
import { POSITION_HEADER } from "@fio/contracts";

/** What knows how far the changes have been heard; `null` while none were heard since the start. */
export type Positioned = { position: () => string | null };

/**
 * Names the stream position of a snapshot; to be called before the snapshot is read. Whatever was announced up to
 * there is committed and so in the snapshot, and what comes later the stream sends: the position may lag, never lead.
 */
export function namePosition(response: Response, live: Positioned): void {
  const position = live.position();
  if (position !== null) response.set(POSITION_HEADER, position);
}
