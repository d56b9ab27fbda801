import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as OTLP's JSON gives it. Times in nanoseconds since 1970. */
export type ExportedSpan = {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  facts: Record<string, string | number | boolean>;
};

type Value = { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean };
type Attribute = { key: string; value: Value };
type Export = {
  resourceSpans: Array<{
    resource: { attributes: Attribute[] };
    scopeSpans: Array<{
      spans: Array<Omit<ExportedSpan, "service" | "facts"> & { attributes: Attribute[] }>;
    }>;
  }>;
};

export type Collector = {
  url: string;
  spans: () => ExportedSpan[];
  raw: () => string;
  close: () => Promise<void>;
};

/** Takes traces by OTLP over HTTP in JSON, as a collector does. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url === "/v1/traces") bodies.push(Buffer.concat(chunks).toString());
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => bodies.flatMap((body) => spansIn(JSON.parse(body) as Export)),
    raw: () => bodies.join("\n"),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const spansIn = ({ resourceSpans }: Export): ExportedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ attributes, ...span }) => ({
        ...span,
        service: String(factsOf(resource.attributes)["service.name"]),
        facts: factsOf(attributes),
      })),
    ),
  );

const factsOf = (attributes: readonly Attribute[]): ExportedSpan["facts"] =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value)[0] as string | number | boolean]),
  );
