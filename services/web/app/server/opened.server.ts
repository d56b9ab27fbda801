import type { AppLoadContext } from "@remix-run/node";
import type { Opened } from "../conversation/use-opening.ts";
import { isUnavailable } from "../../server/unavailable.ts";
import { threadPage } from "./thread-page.server.ts";

const MESSAGES = 30;

/** A conversation with its latest messages, or those that the query asks for. */
export async function openedOf(
  context: AppLoadContext,
  id: string,
  search: URLSearchParams,
): Promise<Opened> {
  try {
    const read = await threadPage(context.api, { id, search, limit: MESSAGES });
    if (read.kind === "refused") return { kind: "missing", status: read.problem.status };
    const { data: conversation, prev: older, next: newer, position } = read;
    return { kind: "found", conversation, older, newer, position };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    context.log.warn({ upstream: error.what, status: error.status }, "upstream is not available");
    return { kind: "unavailable" };
  }
}
