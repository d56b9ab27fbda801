import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { dribble } from "./slow.ts";

test("what comes slowly comes in its order, however long the connection takes to open", async () => {
  let heard = "";
  const server = createServer((socket) =>
    socket.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
      if (heard.includes("x")) socket.destroy();
    }),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const done = dribble(`http://127.0.0.1:${port}`, { first: "POST / HTTP/1.1\r\n", more: "x" });
  // This process has other things to do, as where thousands of connections open at once.
  const until = performance.now() + 500;
  while (performance.now() < until);
  await done;
  server.close();
  expect(heard).toBe("POST / HTTP/1.1\r\nx");
});
