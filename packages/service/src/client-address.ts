import type { IncomingMessage } from "node:http";
import { isIP, isIPv4 } from "node:net";
import ipaddr from "ipaddr.js";
import { list } from "./env.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** Addresses whose `X-Forwarded-For` counts. */
export type TrustedProxies = ReadonlyArray<[Address, number]>;

/** Names that stand for ranges, as in Express. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/** The setting `TRUSTED_PROXIES`: addresses, CIDR ranges and the names above, comma-separated; nobody when unset. */
export const trustedProxies = list.transform((items, context): TrustedProxies => {
  const ranges = items.flatMap((item) => NAMED[item] ?? [item]).map(rangeOf);
  if (ranges.every((range) => range !== null)) return ranges;
  context.addIssue({
    code: "custom",
    message: "must be addresses or CIDR ranges, or loopback, linklocal, uniquelocal, e.g. 10.0.0.0/8, ::1",
  });
  return [];
});

function rangeOf(text: string): [Address, number] | null {
  const [address = "", bits, more] = text.split("/");
  if (isIP(address) === 0 || more !== undefined) return null;
  const parsed = ipaddr.parse(address);
  const most = parsed.kind() === "ipv4" ? 32 : 128;
  if (bits === undefined) return [parsed, most];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? [parsed, Number(bits)] : null;
}

/** What counts as one client, see {@link clientAddress}. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The client of a request: the peer's address; where that is a trusted proxy, the nearest address in `X-Forwarded-For`
 * that is not. Anyone else's entries in that header are ignored. IPv6 counts by its /64 network, which is what
 * one customer of a provider gets; an IPv4 address written as IPv6 counts as IPv4.
 */
export function clientAddress({ trusted }: { trusted: TrustedProxies }): ClientAddress {
  const isTrusted = (address: Address): boolean => trusted.some((range) => within(address, range));
  return ({ socket, headers }) => {
    const peer = socket.remoteAddress ?? "";
    // The usual case; the system writes an address in one form only.
    if (trusted.length === 0 && isIPv4(peer)) return peer;
    let client = addressOf(peer);
    if (client === null) return "unknown";
    if (trusted.length === 0 || !isTrusted(client)) return networkOf(client);
    const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",");
    for (const hop of forwarded.split(",").reverse()) {
      const address = addressOf(hop.trim());
      if (address === null) break;
      client = address;
      if (!isTrusted(address)) break;
    }
    return networkOf(client);
  };
}

function within(address: Address, [range, bits]: TrustedProxies[number]): boolean {
  if (address instanceof ipaddr.IPv4) return range instanceof ipaddr.IPv4 && address.match(range, bits);
  return range instanceof ipaddr.IPv6 && address.match(range, bits);
}

/** Some proxies write the port too: `192.0.2.1:5000`, `[2001:db8::1]:5000`. */
function addressOf(text: string): Address | null {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : ipaddr.process(bare);
}

const networkOf = (address: Address): string =>
  address instanceof ipaddr.IPv4
    ? address.toString()
    : `${address.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(":")}::/64`;
