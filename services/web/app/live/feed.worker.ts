import type { FromTab } from "./hub.ts";
import { openHub } from "./hub-here.ts";

/** Shared by all tabs of a browser: it lives as long as one of them does, and no tab that sleeps puts it to sleep. */
const hub = openHub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  const { receive } = hub.join((message) => port.postMessage(message));
  port.onmessage = ({ data }: MessageEvent<FromTab>) => receive(data);
});
