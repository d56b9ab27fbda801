import type { FromTab } from "./hub.ts";
import { openHub } from "./open-hub.ts";

/** Shared by all tabs of a browser: it lives as long as one of them does, and is not suspended with a sleeping tab. */
const hub = openHub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  const { receive } = hub.join((message) => port.postMessage(message));
  port.onmessage = ({ data }: MessageEvent<FromTab>) => receive(data);
});
