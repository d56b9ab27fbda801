import type { RequestListener } from "node:http";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import type { PageContext } from "../app/server/context.ts";
import { createRequestListener } from "@remix-run/node-fetch-server";

/** The app through Vite, with hot replacement and without the policy that its injected scripts would break. */
export async function developmentListener({ context }: { context: PageContext }): Promise<RequestListener> {
  const { createServer } = await import("vite");
  const vite = await createServer({ root: `${import.meta.dirname}/..`, server: { middlewareMode: true } });
  const pages = createRequestListener(async (request) => {
    const build = (await vite.ssrLoadModule("virtual:remix/server-build")) as ServerBuild;
    return createRequestHandler(build, "development")(request, { ...context, nonce: "" });
  });
  return (request, response) => {
    if (request.url === "/healthz" || request.url === "/readyz") response.end("{}");
    else vite.middlewares(request, response, () => pages(request, response));
  };
}
