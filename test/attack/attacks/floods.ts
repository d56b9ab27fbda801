import { written } from "../support/raw.ts";

/** Requests with more than a request has, or that two servers would take for different ones. */
export const floods = (method: "GET" | "POST", target: string): Array<{ what: string; bytes: Buffer }> => {
  const raw = (lines: string, body = ""): Buffer =>
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n\r\n${body}`, "latin1");
  const many = (count: number): string =>
    Array.from({ length: count }, (_, n) => `X-${n}: ${n}\r\n`).join("");
  const host = "Host: 127.0.0.1\r\n";
  return [
    { what: "one header of 64 kB", bytes: written(method, target, { headers: { x: "x".repeat(65_536) } }) },
    { what: "3,000 headers", bytes: raw(`${host}${many(3_000)}Connection: close`) },
    {
      what: "one cookie of 64 kB",
      bytes: written(method, target, { headers: { cookie: "a=".repeat(32_768) } }),
    },
    { what: "a target of 64 kB", bytes: written(method, `${target}?${"q".repeat(65_536)}`) },
    { what: "a name of 64 kB", bytes: raw(`${host}${"x".repeat(65_536)}: 1`) },
    { what: "no host", bytes: raw("Connection: close") },
    { what: "two hosts", bytes: raw(`${host}Host: evil.example\r\nConnection: close`) },
    { what: "two lengths", bytes: raw(`${host}Content-Length: 1\r\nContent-Length: 2`, "ab") },
    {
      what: "a length and chunks",
      bytes: raw(`${host}Content-Length: 4\r\nTransfer-Encoding: chunked`, "0\r\n\r\n"),
    },
    { what: "chunked twice over", bytes: raw(`${host}Transfer-Encoding: chunked, identity`, "0\r\n\r\n") },
    { what: "chunks by a folded name", bytes: raw(`${host}Transfer-Encoding:\r\n chunked`, "0\r\n\r\n") },
    { what: "a name with a space", bytes: raw(`${host}Content-Length : 1`, "a") },
    { what: "a bare line feed", bytes: raw(`Host: 127.0.0.1\nX: 1\n`) },
    { what: "a header with a NUL", bytes: raw(`${host}X: a\0b`) },
    { what: "a chunk of no size", bytes: raw(`${host}Transfer-Encoding: chunked`, "zz\r\n") },
    {
      what: "TLS where there is none",
      bytes: Buffer.from("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "latin1"),
    },
    { what: "HTTP/2 where there is none", bytes: Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") },
    { what: "Expect of something else", bytes: raw(`${host}Connection: close\r\nExpect: miracles`) },
  ];
};
