import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { z } from "zod";
import { clientAddress, trustedProxies } from "./client-address.ts";
import { readSettings } from "./env.ts";

const settings = z.object({ TRUSTED_PROXIES: trustedProxies });
const read = (text: string) => readSettings(settings, { TRUSTED_PROXIES: text }).TRUSTED_PROXIES;
const asked = (trusted: string, peer: string, forwarded?: string) =>
  clientAddress({ trusted: read(trusted) })({
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  } as unknown as IncomingMessage);

test.each([
  ["nobody is trusted, and the header is forged", "", "192.0.2.7", "10.0.0.1", "192.0.2.7"],
  ["the peer is not the trusted proxy", "10.0.0.0/8", "192.0.2.7", "10.0.0.1", "192.0.2.7"],
  ["the trusted proxy forwards", "10.0.0.0/8", "10.1.2.3", "192.0.2.7", "192.0.2.7"],
  ["the sender forged what the proxy added to", "10.1.2.3", "10.1.2.3", "1.1.1.1, 192.0.2.7", "192.0.2.7"],
  [
    "two trusted proxies stand in a row",
    "10.1.2.3, 172.16.0.9",
    "10.1.2.3",
    "1.1.1.1, 192.0.2.7, 172.16.0.9",
    "192.0.2.7",
  ],
  ["all hops are trusted", "10.0.0.0/8", "10.1.2.3", "10.9.9.9", "10.9.9.9"],
  ["the proxy forwards nothing", "loopback", "127.0.0.1", undefined, "127.0.0.1"],
  ["the proxy does not know whose it is", "loopback", "127.0.0.1", "unknown", "127.0.0.1"],
  ["what is forwarded has a port", "loopback", "127.0.0.1", "192.0.2.7:5000", "192.0.2.7"],
  ["what is forwarded is IPv6 with a port", "loopback", "::1", "[2001:db8:1:2::5]:80", "2001:db8:1:2::/64"],
  ["an IPv4 peer is written as IPv6", "127.0.0.0/8", "::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"],
  ["an untrusted IPv4 peer is written as IPv6", "", "::ffff:192.0.2.7", undefined, "192.0.2.7"],
  ["the proxy is in a private network", "uniquelocal", "192.168.3.4", "192.0.2.7", "192.0.2.7"],
  ["the proxy is trusted by its IPv6 range", "fd00::/8", "fd12::1", "192.0.2.7", "192.0.2.7"],
])("the client is known when %s", (_name, trusted, peer, forwarded, client) => {
  expect(asked(trusted, peer, forwarded)).toBe(client);
});

test("addresses of one IPv6 network count as one, those of two do not", () => {
  expect(asked("", "2001:db8:1:2::5")).toBe(asked("", "2001:db8:1:2:ffff::1"));
  expect(asked("", "2001:db8:1:2::5")).not.toBe(asked("", "2001:db8:1:3::5"));
  expect(asked("", "fe80::1%eth0")).toBe("fe80:0:0:0::/64");
});

test("a header of 16 kB with no address in it costs nothing", () => {
  expect(asked("loopback", "127.0.0.1", ",".repeat(16_000))).toBe("127.0.0.1");
});

test.each(["10.0.0.0/33", "10.0.0", "proxy.example", "::1/129", "10.0.0.0/", "1", "10.0.0.0/8/8", "::1/x"])(
  "TRUSTED_PROXIES=%s stops the start with a line that names it",
  (text) => {
    expect(() => read(text)).toThrow(/^TRUSTED_PROXIES: must be addresses or CIDR ranges/);
  },
);
