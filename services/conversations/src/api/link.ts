import type { Request, Response } from "express";
import { cursorOf } from "./cursor.ts";

/**
 * Names the page that follows (`next`), comes before (`prev`) or goes with it (`related`) in a `Link` header: the same query with another
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
    also = {},
  }: {
    rel: "next" | "prev" | "related";
    parameter: string;
    key: readonly string[] | null;
    without?: readonly string[];
    also?: Readonly<Record<string, string>>;
  },
): void {
  if (key === null) return;
  const { pathname, searchParams } = new URL(request.originalUrl, "http://localhost");
  for (const name of without) searchParams.delete(name);
  searchParams.set(parameter, cursorOf(key));
  for (const [name, value] of Object.entries(also)) searchParams.set(name, value);
  response.append("Link", `<${pathname}?${searchParams.toString()}>; rel="${rel}"`);
}
