import { fileURLToPath } from "node:url";

/** The repository's root, with a closing slash. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export type ServiceName = "ingest" | "conversations" | "web";

/** Where each service begins, and the variable that gives its port. */
export const SERVICES: Readonly<Record<ServiceName, { entry: string; portSetting: string }>> = {
  ingest: { entry: "services/ingest/src/main.ts", portSetting: "INGEST_PORT" },
  conversations: { entry: "services/conversations/src/main.ts", portSetting: "CONVERSATIONS_PORT" },
  web: { entry: "services/web/server.ts", portSetting: "WEB_PORT" },
};

/** What follows `node` on the command line. The process must have an IPC channel to notice its parent's end. */
export function commandOf(service: ServiceName): string[] {
  // A URL: `--import` takes a path for one, and `#` or `%` in it would mean something else.
  const guard = new URL("end-with-parent.mjs", import.meta.url).href;
  return ["--max-semi-space-size=8", "--import", guard, `${ROOT}${SERVICES[service].entry}`];
}
