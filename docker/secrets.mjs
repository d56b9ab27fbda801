// One-shot: generates the secrets that are not set, once, and gives each part its own and no others.
//   node docker/secrets.mjs        generates what is missing, and writes the files of every part
//   node docker/secrets.mjs print  shows what is in force here
//   node docker/secrets.mjs rotate begin|use|end [NAME …]   the steps of a rotation, of all that are kept or of those named
//   node docker/secrets.mjs redis  prints what tells a running Redis its users (docs/operations.md, Rotating secrets)
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const RUN = process.env.FIO_RUN_DIR || "/run";
const USERS = join(import.meta.dirname, "redis/users.acl");
/** For the Redis of compose alone: commands that an older one does not know, or that only spare warnings. */
const MORE_COMMANDS = {
  ingest: "+waitaof +config|get +client|setinfo",
  worker: "+config|get +client|setinfo",
  api: "+client|setinfo",
  doctor: "+config|get +client|setinfo",
  whatsapp: "+client|setinfo",
};

const random = () => randomBytes(32).toString("base64url");
const webhookSecret = () => `whsec_${randomBytes(32).toString("base64")}`;

/** What is kept for good, in a volume that no other container has. */
const KEPT = {
  webhook_secrets: webhookSecret,
  web_secrets: webhookSecret,
  delivery_secrets: webhookSecret,
  api_tokens: random,
  // Of the superuser; one that is set is only used when the database is created.
  postgres_password: () => process.env.POSTGRES_PASSWORD || random(),
  database_owner_password: random,
  database_worker_password: random,
  database_api_password: random,
  database_doctor_password: random,
  redis_admin_password: random,
  redis_ingest_password: random,
  redis_worker_password: random,
  redis_api_password: random,
  redis_doctor_password: random,
  redis_whatsapp_password: random,
  whatsapp_verify_tokens: random,
};

/** The content of a file that is kept, generated the first time. */
function once(name) {
  const path = join(RUN, "fio", name);
  try {
    // When two run at once, the first to write wins.
    writeFileSync(path, `${KEPT[name]()}\n`, { flag: "wx", mode: 0o440 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return readFileSync(path, "utf8").trim();
}

const kept = Object.fromEntries(Object.keys(KEPT).map((name) => [name, once(name)]));
/** Several may be in force, comma-separated: the first is the one that is used. */
const all = (name) => kept[name].split(",");
const [command, ...asked] = process.argv.slice(2);
const first = (name) => encodeURIComponent(all(name)[0]);

/*
 * A role of Postgres has one password: where two are to be in force, the other one is that of a second login of the role,
 * and is kept with this before it (services/conversations/src/store/roles.ts).
 */
const SECOND = "second:";
const isLogin = (name) => /^database_\w+_password$/.test(name);

/** Leaves the content whole or as it was, whatever ends this. */
function replace(path, content, mode) {
  writeFileSync(`${path}.new`, `${content}\n`, { mode });
  renameSync(`${path}.new`, path);
}

/** One step of a rotation; doing it again is harmless. The new value lies beside the others until it is the only one. */
function rotate([step, ...names]) {
  const refuse = (why) => {
    process.stderr.write(`${why}\n`);
    process.exit(1);
  };
  if (!["begin", "use", "end"].includes(step)) refuse("rotate begin, use or end");
  // Of the superuser, as whom no part comes in: changed in the server, see docs/operations.md.
  const rotated = Object.keys(KEPT).filter((name) => name !== "postgres_password");
  for (const name of names)
    if (!rotated.includes(name)) refuse(`${name}: must be one of ${rotated.join(", ")}`);
  for (const name of names.length > 0 ? names : rotated) {
    const path = join(RUN, "fio", name);
    const newest = `${path}.next`;
    const isSole = () => kept[name] === readFileSync(newest, "utf8").trim();
    // Whoever was killed at the end of one has ended it.
    const begun = existsSync(newest) && !(step === "begin" && isSole());
    if (step === "begin" && !begun) {
      const prefix = isLogin(name) && !all(name)[0].startsWith(SECOND) ? SECOND : "";
      replace(newest, `${prefix}${KEPT[name]()}`, 0o440);
    } else if (!begun) {
      if (names.length > 0) refuse(`${name}: nothing is begun`);
      continue;
    }
    const next = readFileSync(newest, "utf8").trim();
    const before = all(name).filter((value) => value !== next);
    const wasUsed = all(name)[0] === next;
    if (step === "end" && !wasUsed) refuse(`${name}: the new one is not in use yet (rotate use)`);
    const values = { begin: wasUsed ? all(name) : [...before, next], use: [next, ...before], end: [next] }[
      step
    ];
    kept[name] = values.join(",");
    replace(path, kept[name], 0o440);
    if (step === "end") rmSync(newest);
  }
}

if (command === "rotate") rotate(asked);

const given = process.env;
/** Of every password in force, the first one's first. */
const databaseUrls = (role, name) =>
  all(name).map((value) => {
    const isSecond = isLogin(name) && value.startsWith(SECOND);
    const login = isSecond ? `${role}_second` : role;
    const password = encodeURIComponent(isSecond ? value.slice(SECOND.length) : value);
    return `postgres://${login}:${password}@postgres:5432/fio`;
  });
const databaseUrl = (role, name) => databaseUrls(role, name)[0];
// Whoever brings a database says who may do what in it; who names one address for all parts gets that for all.
const own = given.DATABASE_URL || undefined;
const databases = {
  admin: own === undefined ? databaseUrl("fio", "postgres_password") : "",
  owner: own ?? databaseUrl("fio_owner", "database_owner_password"),
  worker: own ?? databaseUrl("fio_worker", "database_worker_password"),
  api: own ?? databaseUrl("fio_api", "database_api_password"),
  doctor: own ?? databaseUrl("fio_doctor", "database_doctor_password"),
};
const redisUrl = (part) =>
  given.REDIS_URL || `redis://fio-${part}:${first(`redis_${part}_password`)}@redis:6379`;

/** The users of Redis, their passwords as hashes: whoever reads this file cannot come in by it. */
function users() {
  const hashes = (name) =>
    all(name)
      .map((password) => `#${createHash("sha256").update(password).digest("hex")}`)
      .join(" ");
  const parts = readFileSync(USERS, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const part = /^user fio-(\w+) /.exec(line)[1];
      return `${line.replace(/>\S+/, hashes(`redis_${part}_password`))} ${MORE_COMMANDS[part]}`;
    });
  return [
    // Nobody comes in as this user, but Redis reads its own append-only file as it: with fewer rights it would leave out
    // what was accepted, and say nothing.
    "user default off resetpass ~* &* +@all",
    // For the health check.
    "user health on nopass resetkeys resetchannels -@all +ping",
    `user admin on ${hashes("redis_admin_password")} ~* &* +@all`,
    ...parts,
  ].join("\n");
}

/** What each part's own volume holds. */
const PARTS = {
  postgres: { postgres_password: kept.postgres_password },
  redis: { "users.acl": users() },
  // Of each role every login that is in force.
  roles: {
    database_admin_url: databases.admin,
    ...Object.fromEntries(
      ["owner", "worker", "api", "doctor"].map((part) => [
        `database_${part}_url`,
        own ?? databaseUrls(`fio_${part}`, `database_${part}_password`).join(","),
      ]),
    ),
  },
  migrate: { database_url: databases.owner },
  ingest: {
    webhook_secrets: kept.webhook_secrets,
    web_secrets: kept.web_secrets,
    redis_url: redisUrl("ingest"),
  },
  worker: {
    database_url: databases.worker,
    redis_url: redisUrl("worker"),
    delivery_secrets: kept.delivery_secrets,
  },
  api: { database_url: databases.api, redis_url: redisUrl("api"), api_tokens: kept.api_tokens },
  web: { web_secrets: kept.web_secrets, api_tokens: kept.api_tokens },
  doctor: { database_url: databases.doctor, redis_url: redisUrl("doctor") },
  whatsapp: {
    redis_url: redisUrl("whatsapp"),
    webhook_secrets: kept.webhook_secrets,
    web_secrets: kept.web_secrets,
    api_tokens: kept.api_tokens,
    delivery_secrets: kept.delivery_secrets,
    whatsapp_verify_tokens: kept.whatsapp_verify_tokens,
  },
};

for (const [part, files] of Object.entries(PARTS)) {
  for (const [name, content] of Object.entries(files)) {
    const path = join(RUN, "parts", part, name);
    // Readable to all: Postgres and Redis run as other users. Who has the volume is who may read it. The name leads to the
    // old content or to the new one, never to half of it.
    replace(path, content, 0o444);
  }
}

if (command === "redis") {
  // No client is cut off by it, as by ACL LOAD before Redis 7.2.
  process.stdout.write(`AUTH admin ${all("redis_admin_password")[0]}\n`);
  for (const line of users().split("\n")) {
    process.stdout.write(`${line.replace(/^user (\S+) (on|off) (.*)$/, "ACL SETUSER $1 $2 resetpass $3")}\n`);
  }
}

if (command === "print") {
  const shown = {
    WEBHOOK_SECRETS: given.WEBHOOK_SECRETS || kept.webhook_secrets,
    WEB_SECRETS: given.WEB_SECRETS || kept.web_secrets,
    DELIVERY_SECRETS: given.DELIVERY_SECRETS || kept.delivery_secrets,
    API_TOKENS: given.API_TOKENS || kept.api_tokens,
    WHATSAPP_VERIFY_TOKENS: given.WHATSAPP_VERIFY_TOKENS || kept.whatsapp_verify_tokens,
    DATABASE_ADMIN_URL: databases.admin,
    REDIS_ADMIN_PASSWORD: kept.redis_admin_password,
  };
  for (const [name, value] of Object.entries(shown)) process.stdout.write(`${name}=${value}\n`);
}
