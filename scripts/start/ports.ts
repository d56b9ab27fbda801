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
    while (port === null && Date.now() < deadline) {
      await sleep(100);
      port = await tryPort(ports[service], config.host);
    }
    if (port === null) throw new CannotStart(taken(config, service));
    ports[service] = port;
  }
  const used = Object.values(ports);
  const double = used.find((port, index) => used.indexOf(port) !== index);
  if (double !== undefined) throw new CannotStart(`Port ${double} is given to two services: set other ports`);
  return { ...config, ports };
}

function taken({ host, ports }: StartConfig, service: ServiceName): string {
  const { portSetting } = SERVICES[service];
  const port = ports[service];
  return `${portSetting}: port ${port} on ${host} is taken or not allowed; try ${portSetting}=${port + 10} npm start`;
}
