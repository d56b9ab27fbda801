import type { LiveFrame, Position } from "@fio/contracts";

/** A frame of Server-Sent Events; JSON holds no line break. */
export function frame(content: LiveFrame, id?: Position): string {
  return `event: ${content.event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(content)}\n\n`;
}

/** The frame of a row without its last line, to which {@link rowFrames} may add an id. */
export const rowText = (content: LiveFrame): string => frame(content).slice(0, -1);

/** The last of them carries `id`, when every change before it has been sent. `null` when there is nothing to send. */
export function rowFrames(rows: ReadonlyArray<{ text: string }>, id: Position | null): Buffer | null {
  if (rows.length === 0) return null;
  return Buffer.from(`${rows.map(({ text }) => text).join("\n")}${id === null ? "" : `id: ${id}\n`}\n`);
}

/** What a client is greeted with: how soon to come back after a cut, in milliseconds. */
export const GREETING = "retry: 1000\n: live changes of Fio\n\n";
export const HEARTBEAT = Buffer.from(": heartbeat\n\n");
