// One-shot: generates the secrets that are not set, once, in the volume that all processes read.
//   node docker/secrets.mjs        generates what is missing
//   node docker/secrets.mjs print  shows what is in force here
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

const DIRECTORY = "/run/fio";
const random = () => randomBytes(32).toString("base64url");

/** The content of a file of the volume, generated the first time. */
function once(name, make) {
  const path = `${DIRECTORY}/${name}`;
  try {
    // When two run at once, the first to write wins.
    writeFileSync(path, `${make()}\n`, { flag: "wx", mode: 0o440 });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  return readFileSync(path, "utf8").trim();
}

// A password that is set is only used when the database is created.
const password = once("postgres_password", () => process.env.POSTGRES_PASSWORD || random());
const secrets = {
  WEBHOOK_SECRETS: once("webhook_secrets", () => `whsec_${randomBytes(32).toString("base64")}`),
  WEB_SECRETS: once("web_secrets", () => `whsec_${randomBytes(32).toString("base64")}`),
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
