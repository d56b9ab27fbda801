import { readFileSync } from "node:fs";
import { z } from "zod";
import { redisOptions } from "./redis-url.ts";

/** A setting that stops the start; the message is one line that names the variable. */
export class SettingError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment into the schema's output. Each name may also be given as `NAME_FILE`, a path whose
 * content is used; an empty value counts as unset. Throws {@link SettingError}.
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, valueOf(name, environment)]),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SettingError(`${String(issue?.path[0])}: ${issue?.message ?? "is not valid"}`);
}

function valueOf(name: string, environment: Environment): string | undefined {
  const path = environment[`${name}_FILE`];
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  if (path === undefined || path === "") return undefined;
  try {
    const content = readFileSync(path, "utf8").trim();
    return content === "" ? undefined : content;
  } catch (error) {
    throw new SettingError(`${name}_FILE: cannot read ${path}: ${(error as Error).message}`);
  }
}

/** A TCP port; 0 takes any free one. */
export const port = (otherwise: number) =>
  z.coerce.number({ message: "must be a port, 0 to 65535" }).int().min(0).max(65_535).default(otherwise);

/** A whole number from `min` on. */
export const count = (otherwise: number, min = 0) =>
  z.coerce
    .number({ message: "must be a whole number" })
    .int({ message: "must be a whole number" })
    .min(min, { message: `must be at least ${min}` })
    .default(otherwise);

/** `true` or `false`. */
export const flag = z
  .enum(["true", "false"], { message: "must be true or false" })
  .default("false")
  .transform((text) => text === "true");

/** Comma-separated, every one valid; none when unset. */
export const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const MODES = ["development", "test", "production"] as const;

/** Where metrics and documentation are served apart from the service's own port; 0 takes any free one. */
export const operationsPort = z.coerce
  .number({ message: "must be a port, 0 to 65535" })
  .int()
  .min(0)
  .max(65_535)
  .optional();

/** Settings that every service has. */
export const common = {
  HOST: z.string().default("127.0.0.1"),
  LOG_LEVEL: z.enum(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(", ")}` }).default("info"),
  // No other value: `prod` would otherwise silently skip the checks of `production`.
  NODE_ENV: z.enum(MODES, { message: `must be one of ${MODES.join(", ")}, or not set` }).optional(),
};

/** Where another part of Fio answers, without slashes at its end. */
export const serviceUrl = z
  .string()
  .regex(/^https?:\/\//, { message: "must begin with http:// or https://" })
  .transform((text) => text.replace(/\/+$/, ""));

export const redisUrl = z
  .string({ message: "must be set, e.g. redis://127.0.0.1:6379 (npm start runs a private one)" })
  .superRefine((url, context) => {
    try {
      redisOptions(url);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
  });

/** `sqlite:PATH` or `postgres://…`; an unescaped character in a password gets another message than a wrong scheme. */
export const databaseUrl = z
  .string()
  .regex(/^(sqlite:.|postgres(ql)?:\/\/)/, { message: "must be sqlite:PATH or begin with postgres://" })
  .refine((text) => text.startsWith("sqlite:") || (URL.canParse(text) && !text.includes("#")), {
    message:
      "is not a valid URL; in its user name and password write # as %23, / as %2F, ? as %3F, @ as %40 and % as %25",
  });

/** An issuer of identities (OpenID Connect). By TLS, which is what one believes it by, but on this machine. */
export const issuerUrl = z
  .string()
  .refine((text) => URL.canParse(text) && isSafe(new URL(text)), {
    message: "must be the issuer's address as it writes it itself, e.g. https://accounts.google.com",
  })
  .refine(
    (text) => !/^https:\/\/login\.microsoftonline\.com\/(common|organizations|consumers)\b/.test(text),
    {
      message: "must name one tenant: https://login.microsoftonline.com/TENANT-ID/v2.0",
    },
  );

function isSafe({ protocol, hostname, username, search, hash }: URL): boolean {
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  return (protocol === "https:" || (protocol === "http:" && isHere)) && username + search + hash === "";
}
