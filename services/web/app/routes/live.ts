import type { LoaderFunctionArgs } from "@remix-run/node";
import { isUnavailable } from "../../server/unavailable.ts";

/** The live stream of the read API, passed on as it comes; it ends when the browser's request ends. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const asked = new URL(request.url).searchParams;
  const query = new URLSearchParams();
  for (const id of asked.getAll("conversation")) query.append("conversation", id);
  const after = asked.get("after");
  if (after !== null) query.set("after", after);
  const ended = AbortSignal.any([request.signal, context.stopping]);
  const signal = AbortSignal.any([ended, context.door.watch(context, ended)]);
  try {
    const upstream = await context.api.stream(query.toString(), {
      lastEventId: request.headers.get("last-event-id"),
      signal,
    });
    if (!upstream.ok || upstream.body === null) return new Response(null, { status: 503 });
    return new Response(endedBy(signal, upstream.body), {
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

/** The stream itself, which ends with `signal` as one that is over: a body that fails would be a fault of the server. */
function endedBy(signal: AbortSignal, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        if (signal.aborted) controller.close();
        else controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
