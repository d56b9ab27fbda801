import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { LiveFrame } from "@fio/contracts";
import { until } from "../../../../../test/support/until.ts";

/** A frame as it came: `data` parsed. */
export type Frame = { event: string; id: string | null; data: LiveFrame; at: number };

/** A client of the live stream that keeps all it gets. */
export type StreamClient = {
  response: IncomingMessage;
  frames: Frame[];
  comments: string[];
  /** The last id that it was given, as a browser keeps it. */
  lastId: () => string | null;
  of: (event: LiveFrame["event"]) => Frame[];
  /** Resolves when it has got so many frames of a kind. */
  has: (event: LiveFrame["event"], count?: number) => Promise<Frame[]>;
  /** Whether the other side has ended the stream. */
  ended: () => boolean;
  /** Reads no further until it is told to. */
  pause: () => void;
  resume: () => void;
  close: () => void;
};

export async function followStream(
  url: string,
  {
    conversations = [],
    after,
    lastEventId,
    headers = {},
  }: {
    conversations?: string[];
    after?: string;
    lastEventId?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<StreamClient> {
  const query = new URLSearchParams(conversations.map((id): [string, string] => ["conversation", id]));
  if (after !== undefined) query.set("after", after);
  const asked = request(`${url}/stream?${query.toString()}`, {
    agent: false,
    headers: { ...headers, ...(lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId }) },
  });
  const response = await answerTo(asked);
  const frames: Frame[] = [];
  const comments: string[] = [];
  let ended = false;
  let rest = "";
  response.setEncoding("utf8");
  response.on("data", (text: string) => {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) read(block, frames, comments);
  });
  response.on("error", () => {});
  response.on("close", () => {
    ended = true;
  });

  const of = (event: LiveFrame["event"]): Frame[] => frames.filter((frame) => frame.event === event);
  return {
    response,
    frames,
    comments,
    lastId: () => frames.findLast(({ id }) => id !== null)?.id ?? null,
    of,
    has: (event, count = 1) =>
      until(() => (of(event).length >= count ? of(event) : null), {
        what: `${count} of ${event}, among ${frames.map((frame) => frame.event).join(" ")}`,
        everyMs: 5,
      }),
    ended: () => ended,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    close: () => void asked.destroy(),
  };
}

function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on("error", reject);
    asked.on("response", resolve);
    asked.end();
  });
}

function read(block: string, frames: Frame[], comments: string[]): void {
  const lines = block.split("\n");
  const field = (name: string): string | null =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? null;
  comments.push(...lines.filter((line) => line.startsWith(":")).map((line) => line.slice(1).trim()));
  const data = field("data");
  if (data === null) return;
  frames.push({
    event: field("event") ?? "message",
    id: field("id"),
    data: JSON.parse(data) as LiveFrame,
    at: performance.now(),
  });
}
