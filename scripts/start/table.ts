import { relative } from "node:path";
import { addressOf, type StartConfig } from "./config.ts";

/** The short table printed when a start is complete. `seconds` is how long it took. */
export function table(config: StartConfig, { redis, seconds }: { redis: string; seconds: number }): string {
  const { url: ingest } = addressOf(config, "ingest");
  const { url: api } = addressOf(config, "conversations");
  const rows = [
    ["Agents' app", addressOf(config, "web").url, ""],
    ["Webhooks", `${ingest}/webhook/`, `${ingest}/docs`],
    ["Read API", `${api}/conversations/`, `${api}/docs`],
    ["Redis", redis, ""],
    ["Data, logs", relative(process.cwd(), config.dataDir) || ".", ""],
  ];
  const width = Math.max(ingest.length + "/webhook/".length, api.length + "/conversations/".length) + 3;
  const lines = rows.map(([name = "", address = "", docs = ""]) =>
    `  ${name.padEnd(14)}${docs === "" ? address : address.padEnd(width) + docs}`.trimEnd(),
  );
  return `\nFio is ready (${seconds.toFixed(1)} s).\n\n${lines.join("\n")}\n\nPress Ctrl-C to stop. For example traffic: npm run simulate\n`;
}
