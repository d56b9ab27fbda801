const WORTH_IT = /^(text\/html|text\/x-script|text\/plain|application\/json)/;

/** Compresses pages and data for clients that accept it. Never a live stream: compression would delay it. */
export function compressed(request: Request, response: Response): Response {
  if (
    response.body === null ||
    !WORTH_IT.test(response.headers.get("content-type") ?? "") ||
    !/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")
  ) {
    return response;
  }
  const headers = new Headers(response.headers);
  headers.set("Content-Encoding", "gzip");
  headers.append("Vary", "Accept-Encoding");
  headers.delete("Content-Length");
  return new Response(response.body.pipeThrough(new CompressionStream("gzip")), {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
