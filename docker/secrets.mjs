// One-shot: makes the secrets that nobody gave, once, in the volume that all processes read them from.
//   node docker/secrets.mjs        makes what is missing
//   node docker/secrets.mjs print  shows what is in force here
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

const DIRECTORY = "/run/fio";
const random = () => randomBytes(32).toString("base64url");

/** The content of a file of the volume, made the first time. */
function once(name, make) {
  const path = `${DIRECTORY}/${name}`;
  try {
    // Of two at once the first to write wins.
    writeFileSync(path, `${make()}\n`, { flag: "wx", mode: 0o440 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return readFileSync(path, "utf8").trim();
}

// A deployment's own password is taken once, when the database is made: that is where it counts.
const password = once("postgres_password", () => process.env.POSTGRES_PASSWORD || random());
const secrets = {
  WEBHOOK_SECRETS: once("webhook_secrets", () => `whsec_${randomBytes(32).toString("base64")}`),
  API_TOKENS: once("api_tokens", random),
  DATABASE_URL: once(
    "database_url",
    () => `postgres://fio:${encodeURIComponent(password)}@postgres:5432/fio`,
  ),
};

if (process.argv[2] === "print") {
  for (const [name, value] of Object.entries(secrets)) {
    process.stdout.write(`${name}=${process.env[name] || value}\n`);
  }
}
