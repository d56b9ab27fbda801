import type { RequestListener } from "node:http";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import type { PageContext } from "../app/server/context.ts";
import type { ClientAddress } from "@fio/service/client-address";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { enter } from "./enter.ts";

/** The app through Vite, with hot replacement and without the policy that its injected scripts would break. */
export async function developmentListener({
  context,
  clientOf,
}: {
  context: PageContext;
  clientOf: ClientAddress;
}): Promise<RequestListener> {
  const { createServer } = await import("vite");
  const vite = await createServer({ root: `${import.meta.dirname}/..`, server: { middlewareMode: true } });
  const pages = createRequestListener(async (request: Request, { address: peer }: { address: string }) => {
    const entered = await enter(request, { peer, context, clientOf });
    if (entered instanceof Response) return entered;
    const build = (await vite.ssrLoadModule("virtual:remix/server-build")) as ServerBuild;
    return createRequestHandler(build, "development")(request, { ...context, ...entered, nonce: "" });
  });
  return (request, response) => {
    if (request.url === "/healthz" || request.url === "/readyz") response.end("{}");
    else vite.middlewares(request, response, () => pages(request, response));
  };
}
