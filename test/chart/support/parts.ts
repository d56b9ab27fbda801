import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT } from "../../../scripts/lib/services.ts";
import {
  readAgentConfig,
  readConfig as readConversations,
  readMigrationConfig,
  readRolesConfig,
} from "../../../services/conversations/src/config.ts";
import { readDoctorConfig } from "../../../services/conversations/src/doctor/config.ts";
import { readConfig as readIngest } from "../../../services/ingest/src/config.ts";
import { readConfig as readWeb } from "../../../services/web/server/config.ts";
import { readConfig as readWhatsapp } from "../../../services/whatsapp/src/config.ts";

export const CHART = join(ROOT, "deploy/helm/fio");

const names = z.array(z.string().regex(/^[A-Z_]+$/)).default([]);
const part = z.strictObject({
  command: z.string(),
  port: z.int().optional(),
  called: z.literal(false).optional(),
  stops: z.number().optional(),
  fixed: z.record(z.string(), z.string()).default({}),
  settings: names,
  secrets: names,
  secretsWhen: z.record(z.string(), names).default({}),
  mayHave: names,
  secretOf: z.string().optional(),
  calls: z.array(z.string()).default([]),
  asks: z.array(z.string()).default([]),
  stores: z.array(z.enum(["redis", "postgres"])).default([]),
});
export type Part = z.output<typeof part>;

export type Environment = Record<string, string>;
type ReadConfig = (environment: Readonly<Record<string, string | undefined>>) => unknown;

/** How each part reads its environment. */
export const READERS = {
  ingest: readIngest,
  worker: readConversations,
  api: readConversations,
  web: readWeb,
  whatsapp: readWhatsapp,
  roles: readRolesConfig,
  migrate: readMigrationConfig,
  agent: readAgentConfig,
  doctor: readDoctorConfig,
} satisfies Record<string, ReadConfig>;
export type PartName = keyof typeof READERS;
export const PART_NAMES = Object.keys(READERS) as PartName[];

const given = z
  .strictObject(Object.fromEntries(PART_NAMES.map((name) => [name, part])) as Record<PartName, typeof part>)
  .parse(parse(readFileSync(join(CHART, "files/parts.yaml"), "utf8")));

export const partOf = (name: PartName): Part => given[name];

/** Every secret that a part may be given. */
export const secretsOf = ({ secrets, secretsWhen, mayHave }: Part): string[] => [
  ...secrets,
  ...Object.values(secretsWhen).flat(),
  ...mayHave,
];

/** The variables that a part looks for: all that it asks its environment for, whatever becomes of it. */
export function variablesOf(name: PartName): Set<string> {
  const asked = new Set<string>();
  const environment = new Proxy(
    {},
    {
      get: (_, key) => void asked.add(String(key)),
    },
  );
  try {
    READERS[name](environment);
  } catch {
    // Something has to be set. It has asked for everything before it says so.
  }
  return asked;
}
