const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/* Plain JavaScript: the first step of `npm start` needs it before anything is installed. */

/**
 * Keeps a company's proxy (HTTP_PROXY with NODE_USE_ENV_PROXY, and tools that read HTTP_PROXY alone) out of the way
 * between processes of this machine: this one's `fetch`, and every process that it starts, finds the loopback names in
 * NO_PROXY.
 */
export function keepLoopbackDirect(environment) {
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const given = (environment[name] ?? environment[name === "NO_PROXY" ? "no_proxy" : "NO_PROXY"] ?? "")
      .split(/[\s,]+/)
      .filter(Boolean);
    if (given.includes("*")) continue;
    environment[name] = [...given, ...LOOPBACK.filter((host) => !given.includes(host))].join(",");
  }
}
