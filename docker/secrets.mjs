// One-shot: generates the secrets that are not set, once, and gives each part its own and no others.
//   node docker/secrets.mjs        generates what is missing, and writes the files of every part
//   node docker/secrets.mjs print  shows what is in force here
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
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
const first = (name) => encodeURIComponent(all(name)[0]);

const given = process.env;
const databaseUrl = (role, password) => `postgres://${role}:${first(password)}@postgres:5432/fio`;
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
  roles: {
    database_admin_url: databases.admin,
    database_owner_url: databases.owner,
    database_worker_url: databases.worker,
    database_api_url: databases.api,
    database_doctor_url: databases.doctor,
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
    writeFileSync(`${path}.new`, `${content}\n`, { mode: 0o444 });
    renameSync(`${path}.new`, path);
  }
}

if (process.argv[2] === "print") {
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
