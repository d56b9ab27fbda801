import { setTimeout as sleep } from "node:timers/promises";
import { CannotStart } from "../lib/cannot.ts";
import { tryPort } from "../lib/ports.ts";
import { SERVICES, type ServiceName } from "../lib/services.ts";
import type { StartConfig } from "./config.ts";

/**
 * The same configuration with every port known to be free. `patienceMs`: how long those of a killed start, which
 * drain now, may still hold theirs. Throws {@link CannotStart} for one that is taken.
 */
export async function claimPorts(config: StartConfig, patienceMs: number): Promise<StartConfig> {
  const ports = { ...config.ports };
  const deadline = Date.now() + patienceMs;
  for (const service of Object.keys(SERVICES) as ServiceName[]) {
    let port = await tryPort(ports[service], config.host);
    while (port === "EADDRINUSE" && Date.now() < deadline) {
      await sleep(100);
      port = await tryPort(ports[service], config.host);
    }
    if (typeof port === "string") throw new CannotStart(whyNot(port, config, service));
    ports[service] = port;
  }
  const used = Object.values(ports);
  const double = used.find((port, index) => used.indexOf(port) !== index);
  if (double !== undefined)
    throw new CannotStart(`Two services are set to port ${double}: set different ports`);
  return { ...config, ports };
}

function whyNot(code: string, { host, ports }: StartConfig, service: ServiceName): string {
  if (code !== "EADDRINUSE" && code !== "EACCES") {
    return `HOST: ${host} is not an address of this machine (${code}); use 127.0.0.1, or 0.0.0.0 for all of them`;
  }
  const { portSetting } = SERVICES[service];
  const port = ports[service];
  return `${portSetting}: port ${port} on ${host} is taken or not allowed; try ${portSetting}=${port + 10} npm start`;
}
