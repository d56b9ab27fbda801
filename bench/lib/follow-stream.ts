/** Follows conversations in the live stream; when each message came, by its id and `performance.now()`. */
export async function followStream(
  url: string,
  { conversations, signal }: { conversations: readonly string[]; signal: AbortSignal },
): Promise<Map<string, number>> {
  const heard = new Map<string, number>();
  const query = new URLSearchParams(conversations.map((id): [string, string] => ["conversation", id]));
  const answer = await fetch(`${url}/stream?${query.toString()}`, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`the stream answers ${answer.status}`);
  const read = async (body: NonNullable<typeof answer.body>): Promise<void> => {
    const decoder = new TextDecoder();
    const reader = body.getReader();
    let rest = "";
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const text = decoder.decode(chunk.value, { stream: true });
      const at = performance.now();
      const frames = (rest + text).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        if (!frame.includes("event: message")) continue;
        for (const [, id = ""] of frame.matchAll(/"id":"([0-9a-f-]{36})"/g)) heard.set(id, at);
      }
    }
  };
  read(answer.body).catch(() => {});
  return heard;
}
