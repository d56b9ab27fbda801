import type { Rival } from "./rival.ts";

/**
 * Node's own server, which reads the body and answers: what any service in Node pays, and what the load generator can send.
 * A 2xx promises nothing: the event is forgotten.
 */
export const bareHttp: Rival = {
  title: "bare http",
  promise: "nothing is kept",
  intake: () =>
    Promise.resolve((request, response) => {
      request.resume();
      request.on("end", () => {
        response.writeHead(202, { "content-type": "application/json", "content-length": 21 });
        response.end('{"status":"accepted"}');
      });
    }),
};
