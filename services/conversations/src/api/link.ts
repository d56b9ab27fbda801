import type { Request, Response } from "express";
import { cursorOf } from "./cursor.ts";

/**
 * Names the page that follows (`next`) or comes before (`prev`) in a `Link` header: the same query with another
 * cursor, and without what says otherwise where a page is. It begins at the root of the host (`/conversations/?…`), since what name a client reached us under, only
 * the client knows.
 */
export function linkPage(
  request: Request,
  response: Response,
  {
    rel,
    parameter,
    key,
    without = [],
  }: {
    rel: "next" | "prev";
    parameter: string;
    key: readonly string[] | null;
    without?: readonly string[];
  },
): void {
  if (key === null) return;
  const { pathname, searchParams } = new URL(request.originalUrl, "http://localhost");
  for (const name of without) searchParams.delete(name);
  searchParams.set(parameter, cursorOf(key));
  response.append("Link", `<${pathname}?${searchParams.toString()}>; rel="${rel}"`);
}
