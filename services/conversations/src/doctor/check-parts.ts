import { clockOf, fault, ok, warning, type Finding } from "./finding.ts";
import type { PartAnswer, PartMetrics, PartReading } from "./picture.ts";

/** A process whose timers are that late on average does not keep up. */
const SLOW_SECONDS = 0.5;

export function checkParts(parts: readonly PartReading[], version: string): Finding[] {
  return parts.flatMap((part) => (part.kind === "silent" ? [silent(part)] : checkPart(part, version)));
}

const silent = ({ name, address, error }: { name: string; address: string; error: string }): Finding =>
  fault(
    name,
    `does not answer at ${address} (${error})`,
    name === "conversations"
      ? "Start it (npm start), and read its log in .data/logs."
      : `Start it and read its last lines: docker compose up -d ${name}; docker compose logs --tail 50 ${name}. With npm ` +
          "start: .data/logs.",
  );

function checkPart(part: { name: string } & PartAnswer, version: string): Finding[] {
  const { name, address, metrics } = part;
  const runs = metrics?.version ?? "of an unknown version";
  return [
    part.fault === null
      ? ok(name, `${runs}, ready, at ${address}${metrics?.node == null ? "" : `, Node ${metrics.node}`}`)
      : fault(
          name,
          `${runs}, at ${address}, is not ready: ${part.fault}`,
          "It becomes ready by itself once what it says is there again: see the other lines of this page first.",
        ),
    ...clockOf(name, part.skewMs),
    ...(metrics === null
      ? [
          warning(
            name,
            "its metrics cannot be read",
            "Set OPERATIONS_PORT for the doctor as it is set for the part.",
          ),
        ]
      : checkMetrics(name, metrics, version)),
  ];
}

function checkMetrics(name: string, metrics: PartMetrics, version: string): Finding[] {
  const found: Finding[] = [];
  if (metrics.version !== null && metrics.version !== version) {
    found.push(
      warning(
        name,
        `runs ${metrics.version}, and this doctor is of ${version}`,
        "An upgrade is not finished: start all parts from one image (docker compose up -d).",
      ),
    );
  }
  if (metrics.eventLoopSeconds > SLOW_SECONDS) {
    found.push(
      warning(
        name,
        `its timers come ${metrics.eventLoopSeconds.toFixed(1)} s late on average`,
        "It has more to do than one core can: add another process of it, or a faster machine (docs/scaling.md).",
      ),
    );
  }
  if (metrics.feedUp === false) {
    found.push(
      fault(
        name,
        "does not read the live stream: agents see nothing new until it does",
        "It tries again every second: see Redis on this page.",
      ),
    );
  }
  if (metrics.leftJobs > 0) {
    found.push(
      warning(
        name,
        "leaves jobs in the queue that a later version of Fio has queued: it cannot read them",
        "Upgrade the workers (docker compose up -d worker): they take them by themselves, and nothing of them is lost.",
      ),
    );
  }
  const refused = Object.entries(metrics.refused).filter(([, count]) => count > 0);
  if (refused.length > 0) {
    const codes = refused.map(([code, count]) => `${code} ${count}`).join(", ");
    found.push(ok(name, `refused requests since it started: ${codes}`));
  }
  return found;
}
