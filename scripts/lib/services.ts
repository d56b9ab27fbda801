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

/** Whatever may run as a process of its own; `npm start` does without the last. */
export type ProcessName = ServiceName | "whatsapp";
export const PROCESSES: Readonly<Record<ProcessName, { entry: string; portSetting: string }>> = {
  ...SERVICES,
  whatsapp: { entry: "services/whatsapp/src/main.ts", portSetting: "WHATSAPP_PORT" },
};

/** What follows `node` on the command line. The process must have an IPC channel to notice its parent's end. */
export function commandOf(service: ProcessName): string[] {
  // A URL: `--import` takes a path for one, and `#` or `%` in it would mean something else.
  const guard = new URL("end-with-parent.mjs", import.meta.url).href;
  return ["--max-semi-space-size=8", "--import", guard, `${ROOT}${PROCESSES[service].entry}`];
}
