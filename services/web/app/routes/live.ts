import type { LoaderFunctionArgs } from "@remix-run/node";
import { isUnavailable } from "../../server/unavailable.ts";

/** The live stream of the read API, passed on as it comes; it ends when the browser's request ends. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams;
  const query = new URLSearchParams();
  for (const id of asked.getAll("conversation")) query.append("conversation", id);
  const after = asked.get("after");
  if (after !== null) query.set("after", after);
  const signal = AbortSignal.any([request.signal, context.stopping]);
  try {
    const upstream = await context.api.stream(query.toString(), {
      lastEventId: request.headers.get("last-event-id"),
      signal,
    });
    if (!upstream.ok || upstream.body === null) return new Response(null, { status: 503 });
    return new Response(upstream.body, {
      headers: {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        // A buffering proxy would delay changes.
        "X-Accel-Buffering": "no",
      },
    });
  } catch (error) {
    if (isUnavailable(error) || signal.aborted) return new Response(null, { status: 503 });
    throw error;
  }
}
