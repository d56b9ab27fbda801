import { isIPv4 } from "node:net";

/**
 * Whether the name in a `Host` header is the app's own: that of `PUBLIC_URL`, or without one a name of this machine. A page
 * of another site whose name leads here (DNS rebinding) is sent away. Ports are left to whatever stands in between.
 */
export function ownHost(publicUrl: URL | undefined): (host: string) => boolean {
  const own = publicUrl === undefined ? isLoopback : (name: string) => name === nameOf(publicUrl.host);
  return (host) => own(nameOf(host));
}

const nameOf = (host: string): string => {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, "") : "";
};

const isLoopback = (name: string): boolean =>
  name === "localhost" ||
  name.endsWith(".localhost") ||
  name === "[::1]" ||
  (isIPv4(name) && name.startsWith("127."));
