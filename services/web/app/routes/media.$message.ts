import { receipt as receiptSchema, type Media } from "@fio/contracts";
import type { AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import { mediaResponse } from "../../server/media/media-response.ts";
import { isUnavailable } from "../../server/unavailable.ts";

/**
 * The file of a message, from where its sender said it is: the browser reaches nothing but the app. `?receipt=` of a message
 * that was refused, `?download` to save it.
 */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const search = new URL(request.url).searchParams;
  const id = idIn(params["message"] ?? "");
  const ended = new AbortController();
  const gone = AbortSignal.any([request.signal, context.stopping, ended.signal]);
  try {
    const media = id === null ? null : await mediaOf(context, id, search.get("receipt"));
    if (media?.url === undefined) return new Response(null, { status: 404 });
    const fetched = await context.fetchMedia(media.url, {
      range: request.headers.get("range"),
      // Whoever is signed in no more gets no more of it.
      signal: AbortSignal.any([gone, context.door.watch(context, gone)]),
    });
    if (fetched.kind === "file") fetched.body.once("close", () => ended.abort());
    else ended.abort();
    if (fetched.kind === "forbidden")
      context.log.warn({ message: id, why: fetched.why }, "a file was not fetched");
    const response = mediaResponse(fetched, media, { download: search.has("download") });
    // Only whether it is there.
    if (request.method === "HEAD" && fetched.kind === "file") fetched.body.destroy();
    return response;
  } catch (error) {
    ended.abort();
    if (!isUnavailable(error)) throw error;
    return new Response(null, { status: 503 });
  }
}

/** `receipt`: of one that was refused. `null` where there is no such message, or none with a file. */
async function mediaOf({ api }: AppLoadContext, id: string, receipt: string | null): Promise<Media | null> {
  if (receipt !== null) {
    const parsed = receiptSchema.safeParse(receipt);
    const refused = parsed.success ? await api.rejection(parsed.data) : null;
    const data = refused?.kind === "ok" ? refused.data.event.data : null;
    return data?.id === id ? (data.media ?? null) : null;
  }
  const outcome = await api.outcome("NEW_MESSAGE", id);
  if (outcome.kind !== "ok" || outcome.data.outcome !== "applied") return null;
  const read = await api.conversation(outcome.data.conversation_id, { page: null, around: id, limit: 1 });
  if (read.kind !== "ok") return null;
  return read.data.messages.find((message) => message.id === id)?.media ?? null;
}
