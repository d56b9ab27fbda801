import { expect, test } from "vitest";
import { ownHost } from "./own-host.ts";

test.each([
  ["https://fio.example", "fio.example", true],
  ["https://fio.example", "FIO.example:443", true],
  ["https://fio.example", "fio.example.", true],
  ["http://fio.example:8080", "fio.example:3000", true],
  ["https://fio.example", "evil.example", false],
  ["https://fio.example", "fio.example.evil.example", false],
  ["https://fio.example", "127.0.0.1", false],
  ["https://fio.example", "localhost", false],
  [undefined, "localhost:3000", true],
  [undefined, "127.0.0.1", true],
  [undefined, "127.9.8.7:80", true],
  [undefined, "[::1]:3000", true],
  [undefined, "fio.localhost", true],
  [undefined, "192.168.0.7", false],
  [undefined, "127.0.0.1.evil.example", false],
  [undefined, "localhost.evil.example", false],
  [undefined, "evillocalhost", false],
  [undefined, "a b", false],
])("with PUBLIC_URL %s the host %s is its own: %s", (url, host, expected) => {
  expect(ownHost(url === undefined ? undefined : new URL(url))(host)).toBe(expected);
});
