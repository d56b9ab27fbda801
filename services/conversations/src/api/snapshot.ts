import type { Response } from "express";
import { POSITION_HEADER } from "@fio/contracts";

/** What knows how far the changes have been heard; `null` while none were heard since the start. */
export type Positioned = { position: () => string | null };

/** Names the stream position of a snapshot. */
export function namePosition(response: Response, position: string | null): void {
  if (position !== null) response.set(POSITION_HEADER, position);
}
