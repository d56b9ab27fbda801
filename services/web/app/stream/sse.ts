export type ServerEvent = { event: string; id: string | null; data: string };

/**
 * Reads Server-Sent Events as they come in pieces. The browser's own EventSource does not report comments, and a
 * heartbeat is one: without it a connection that hangs looks like an idle one.
 */
export function createEventReader(): (text: string) => ServerEvent[] {
  let rest = "";
  let event = "";
  let id: string | null = null;
  let data: string[] = [];
  return (text) => {
    const events: ServerEvent[] = [];
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (data.length > 0) events.push({ event, id, data: data.join("\n") });
        event = "";
        id = null;
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "event") event = value;
      else if (name === "id") id = value;
      else if (name === "data") data.push(value);
    }
    return events;
  };
}
