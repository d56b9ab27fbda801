import { get } from "node:http";
import { parentPort, workerData } from "node:worker_threads";

/** Where to connect to, and which conversations each client follows. */
export type ClientsJob = { url: string; follows: string[][] };
/** `latencies` in milliseconds, from the announcement of a message to its frame, since the last report. */
export type ClientsReport = {
  open: number;
  ended: number;
  messages: number;
  rows: number;
  bytes: number;
  latencies: number[];
};

/*
 * Reads like a browser, but parses only what is measured: parsing every row for 300 clients in one process
 * would measure the parser.
 */
const { url, follows } = workerData as ClientsJob;
const report: ClientsReport = { open: 0, ended: 0, messages: 0, rows: 0, bytes: 0, latencies: [] };

const SENT_AT = /sent at ([\d.]+)/;

function read(text: string): void {
  const now = performance.timeOrigin + performance.now();
  for (const frame of text.split("\n\n")) {
    if (frame.startsWith("event: conversation")) report.rows += 1;
    if (!frame.startsWith("event: message")) continue;
    report.messages += 1;
    const sent = SENT_AT.exec(frame)?.[1];
    if (sent !== undefined) report.latencies.push(now - Number(sent));
  }
}

for (const ids of follows) {
  const query = new URLSearchParams(ids.map((id): [string, string] => ["conversation", id]));
  get(`${url}/stream?${query.toString()}`, { agent: false }, (response) => {
    report.open += 1;
    let rest = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => {
      report.bytes += text.length;
      const end = text.lastIndexOf("\n\n");
      if (end === -1) {
        rest += text;
        return;
      }
      read(rest + text.slice(0, end));
      rest = text.slice(end + 2);
    });
    response.on("error", () => {});
    response.on("close", () => {
      report.ended += 1;
    });
  });
}

parentPort?.on("message", () => {
  parentPort?.postMessage(report);
  Object.assign(report, { messages: 0, rows: 0, bytes: 0, latencies: [] });
});
