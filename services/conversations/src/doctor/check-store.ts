import { clockOf, fault, inWords, ok, warning, type Finding } from "./finding.ts";
import { MOST_COUNTED, type Counted, type StoreReading } from "./picture.ts";

const BUSY_SHARE = 0.8;
/** Whoever commits announces at once, and any worker what is older than a second. */
const UNANNOUNCED_MS = 10_000;
/** A receiver may be restarted. */
const UNDELIVERED_MS = 300_000;

export function checkStore(store: StoreReading): Finding[] {
  switch (store.kind) {
    case "missing":
      return [
        fault(
          "database",
          `there is none at ${store.address}`,
          "npm start makes it. If it was there: see DATABASE_URL and DATA_DIR, and the backup.",
        ),
      ];
    case "silent":
      return [
        fault(
          "database",
          `does not answer at ${store.address} (${store.error})`,
          "What is accepted waits in Redis and is applied when it is back. Start it (docker compose up -d postgres), and see " +
            "that DATABASE_URL has its role and password.",
        ),
      ];
    case "answers":
      return [
        ok(
          "database",
          `${store.dialect === "sqlite" ? "SQLite" : "Postgres"} ${store.version}, ${store.encoding}, at ${store.address}`,
        ),
        ...encoding(store),
        ...schema(store),
        ...roles(store),
        ...clockOf("database", store.skewMs),
        ...refusals(store),
        ...announcements(store),
        ...erasures(store),
        ...answers(store),
      ];
  }
}

type Answer = Extract<StoreReading, { kind: "answers" }>;

function encoding({ encoding, dialect }: Answer): Finding[] {
  if (dialect === "sqlite" || encoding === "UTF8") return [];
  return [
    fault(
      "database",
      `its encoding is ${encoding}, which cannot hold every character: Fio does not start on it`,
      "Create another one (create database NAME encoding 'UTF8' template template0), bring the rows over with pg_dump " +
        "--encoding=UTF8, and name it in DATABASE_URL.",
    ),
  ];
}

function schema({ schemaFault }: Answer): Finding[] {
  if (schemaFault === null) return [ok("schema", "no migration is pending")];
  return [
    fault(
      "schema",
      schemaFault,
      "docker compose up -d migrate, or node services/conversations/src/migrate.ts as the owner of the tables. Parts wait " +
        "until it fits, and lose nothing.",
    ),
  ];
}

function roles({ roles, mostConnections }: Answer): Finding[] {
  if (mostConnections === null) return [];
  const names = roles.map(({ name, connections }) => `${name} ${connections}`).join(", ");
  const total = roles.reduce((sum, { connections }) => sum + connections, 0);
  const superusers = roles.filter(({ superuser }) => superuser).map(({ name }) => name);
  const found = [
    ok("roles", `connected to this database: ${names}; at most ${mostConnections} to the server`),
  ];
  if (superusers.length > 0) {
    found.push(
      warning(
        "roles",
        `${superusers.join(", ")} is superuser: whoever breaks into a part that comes in so runs commands on the database's machine`,
        "Give each part a role of its own: docs/operations.md, Who holds what.",
      ),
    );
  }
  if (total > BUSY_SHARE * mostConnections) {
    found.push(
      warning(
        "roles",
        `${total} of ${mostConnections} connections are in use`,
        "Raise max_connections, or put PgBouncer before it (docs/scaling.md).",
      ),
    );
  }
  return found;
}

const some = (count: Counted): string => (count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count));

function refusals({ unapplied }: Answer): Finding[] {
  if (unapplied === null) return [];
  const all = Object.entries(unapplied).filter(([, count]) => count > 0);
  const found = [
    all.length === 0
      ? ok("refusals", "nothing that was accepted is kept unapplied")
      : ok(
          "refusals",
          `kept unapplied, by reason: ${all.map(([reason, count]) => `${reason} ${some(count)}`).join(", ")}`,
        ),
  ];
  const internal = unapplied.INTERNAL_ERROR ?? 0;
  if (internal > 0) {
    found.push(
      warning(
        "refusals",
        `${some(internal)} events failed by a fault of ours (INTERNAL_ERROR)`,
        "GET /rejections?reason=INTERNAL_ERROR gives the error of each. Mend the cause, then: npm run replay -- --from TIME",
      ),
    );
  }
  return found;
}

function answers({ answers: given }: Answer): Finding[] {
  if (given === null) return [];
  const { waiting, oldestMs, failed } = given;
  const found: Finding[] = [];
  if (oldestMs > UNDELIVERED_MS) {
    found.push(
      warning(
        "answers",
        `${some(waiting)} have not left, the oldest since ${inWords(oldestMs)}`,
        "See that DELIVERY_URL is set for every worker, and that the receiver answers there with 2xx.",
      ),
    );
  } else if (waiting > 0) found.push(ok("answers", `${some(waiting)} are about to leave`));
  if (failed > 0) {
    found.push(
      warning(
        "answers",
        `${some(failed)} did not leave and were given up`,
        "GET /deliveries gives the reason of each. Mend the cause, then: POST /deliveries/{id}/retry, or …/seen",
      ),
    );
  }
  return found.length === 0 ? [ok("answers", "none waits to leave")] : found;
}

function announcements({ outbox }: Answer): Finding[] {
  if (outbox === null) return [];
  if (outbox.count <= MOST_COUNTED && outbox.oldestMs <= UNANNOUNCED_MS)
    return [ok("live stream", "all that is applied has been announced to agents")];
  return [
    warning(
      "live stream",
      `${some(outbox.count)} transactions are applied and not announced, tried last ${inWords(outbox.oldestMs)} ago: agents do not see them live`,
      "See that a worker and Redis answer on this page; they announce them by themselves.",
    ),
  ];
}

function erasures({ unfinishedErasures: count }: Answer): Finding[] {
  if (count === null || count === 0) return [];
  return [
    warning(
      "erasure",
      `${some(count)} conversations are erased and not finished: nobody is shown them, and some of their rows may still be stored`,
      "npm run customer -- erase (in compose: docker compose run --rm worker node services/conversations/src/customer.ts " +
        "erase), without an id, goes on where it ended.",
    ),
  ];
}
