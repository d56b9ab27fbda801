import { ownName } from "../device/account.ts";
import type { FromTab, ToTab } from "./hub.ts";
import { openHub } from "./open-hub.ts";
import { createElection, type Channel } from "./leader.ts";

const NAME = ownName("fio.live");

/** Takes part in electing the tab that holds the stream. */
export function takePartInLead({
  tab,
  receive,
  again,
}: {
  tab: string;
  receive: (message: ToTab) => void;
  again: () => void;
}): (message: FromTab) => void {
  const election = createElection({
    tab,
    memory: localStorage,
    channel: openChannel(),
    now: Date.now,
    every: (milliseconds, run) => void setInterval(run, milliseconds),
    openHub,
    onMessage: receive,
    onLeader: () => setTimeout(again, 0),
  });
  addEventListener("pagehide", () => election.resign());
  return (message) => election.send(message);
}

function openChannel(): Channel {
  const channel = new BroadcastChannel(NAME);
  return {
    post: (envelope) => channel.postMessage(envelope),
    listen: (listener) =>
      channel.addEventListener("message", ({ data }) => listener(data as Parameters<typeof listener>[0])),
  };
}
