import { unapplied } from "@fio/service/queue";
import { REFUSED_SHARE } from "@fio/service/redis-memory";
import { clockOf, fault, inWords, ok, warning, type Finding } from "./finding.ts";
import type { RedisReading } from "./picture.ts";

const FULL_SHARE = 0.6;
/** Applied within a second when all is well. */
const LATE_MS = 30_000;
const STUCK_MS = 600_000;

export function checkRedis(redis: RedisReading): Finding[] {
  switch (redis.kind) {
    case "not named":
      return [
        fault(
          "redis",
          "nobody says where it is: REDIS_URL is not set, and no Fio runs with this DATA_DIR",
          "Start Fio (npm start), or set REDIS_URL and DATA_DIR as its processes have them.",
        ),
      ];
    case "silent":
      return [
        fault(
          "redis",
          `does not answer at ${redis.address} (${redis.error})`,
          "Senders get 503 and try again; nothing that was accepted is lost. Start it (docker compose up -d redis), and " +
            "see that REDIS_URL has its user and password.",
        ),
      ];
    case "answers":
      return [
        ok("redis", `${redis.version}, at ${redis.address}${memory(redis.memoryShare)}`),
        ...settings(redis),
        ...clockOf("redis", redis.skewMs),
        ...queue(redis),
      ];
  }
}

type Answer = Extract<RedisReading, { kind: "answers" }>;

const memory = (share: number | null): string =>
  share === null ? "" : `, ${Math.round(share * 100)} % of maxmemory used`;

function settings({ risks, memoryShare, evictedKeys, persistence }: Answer): Finding[] {
  const found = risks.map((risk) =>
    warning("redis", risk, "Set it in redis.conf, or now with CONFIG SET and for good with CONFIG REWRITE."),
  );
  if (memoryShare !== null && memoryShare >= REFUSED_SHARE) {
    found.push(
      fault(
        "redis",
        `${Math.round(memoryShare * 100)} % of maxmemory is used: ingest answers 503`,
        "See that the workers run and the database answers: they drain it. If they do, add workers, or raise maxmemory.",
      ),
    );
  } else if (memoryShare !== null && memoryShare >= FULL_SHARE) {
    found.push(
      warning(
        "redis",
        `${Math.round(memoryShare * 100)} % of maxmemory is used; from ${REFUSED_SHARE * 100} % on ingest answers 503`,
        "See that the workers run and keep up.",
      ),
    );
  }
  if (evictedKeys > 0) {
    found.push(
      fault(
        "redis",
        `it has evicted ${evictedKeys} keys since it started: accepted events may be among them`,
        "Set maxmemory-policy to noeviction, and ask the senders to post again what is missing: repeating is harmless.",
      ),
    );
  }
  if (persistence.lastWrite !== "ok" || persistence.lastRewrite !== "ok") {
    found.push(
      fault(
        "redis",
        `its append-only file cannot be written (last write ${persistence.lastWrite}, last rewrite ${persistence.lastRewrite})`,
        "Make room on its disk, and read its log. It goes on by itself.",
      ),
    );
  }
  return found;
}

function queue({ queue: { events, oldestMs }, failedJobs }: Answer): Finding[] {
  const count = unapplied(events);
  const found: Finding[] = [];
  const late = oldestMs ?? 0;
  const text = `${count} events are accepted and not applied, the oldest since ${inWords(late)}`;
  const todo =
    "See that a worker and the database answer on this page. If both do and it falls, wait; if it rises, add workers " +
    "(docker compose up -d --scale worker=3).";
  if (count === 0) found.push(ok("backlog", "nothing waits: all that was accepted is applied"));
  else if (late > STUCK_MS) found.push(fault("backlog", text, todo));
  else if (late > LATE_MS) found.push(warning("backlog", text, todo));
  else found.push(ok("backlog", text));
  if (failedJobs > 0) {
    found.push(
      warning(
        "backlog",
        `${failedJobs} jobs could be neither applied nor kept; they lie whole in the queue's failed set`,
        "Read the worker's log for a job can neither be applied nor kept, mend the cause (often an old worker beside a new " +
          "ingest), then: npm run replay -- --failed-jobs",
      ),
    );
  }
  return found;
}
