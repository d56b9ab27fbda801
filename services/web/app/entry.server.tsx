import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type AppLoadContext, type EntryContext } from "@remix-run/node";
import { RemixServer, isRouteErrorResponse } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import "./server/context.ts";
import "./i18n/all.ts";
import { isUnavailable } from "../server/unavailable.ts";

export const streamTimeout = 10_000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  { nonce, log }: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let body: PassThrough | null = null;
    const wait = isbot(request.headers.get("user-agent") ?? "") ? "onAllReady" : "onShellReady";
    const { pipe, abort } = renderToPipeableStream(
      <RemixServer context={remix} url={request.url} nonce={nonce} abortDelay={streamTimeout} />,
      {
        nonce,
        [wait]: () => {
          body = new PassThrough();
          headers.set("Content-Type", "text/html; charset=utf-8");
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
          pipe(body);
        },
        onShellError: reject,
        onError: (error) => {
          // Before the shell was sent the request itself fails; a client that left needs no answer.
          if (body === null || body.destroyed || request.signal.aborted) return;
          log.error({ err: error }, "rendering failed");
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** An upstream that does not answer is reported on the page, and logged where it failed. */
export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: AppLoadContext },
): void {
  if (request.signal.aborted) return;
  if (isRouteErrorResponse(error) && error.status < 500) {
    context.log.debug({ status: error.status, path: new URL(request.url).pathname }, "request refused");
  } else if (isUnavailable(error)) {
    context.log.warn(
      { upstream: error.what, status: error.status, err: error.cause },
      "upstream is not available",
    );
  } else {
    context.log.error({ err: error, path: new URL(request.url).pathname }, "request failed");
  }
}
