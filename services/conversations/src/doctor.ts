import { SettingError } from "@fio/service/env";
import { keepLoopbackDirect } from "@fio/service/keep-loopback-direct";
import { VERSION } from "@fio/service/version";
import { readDoctorConfig } from "./doctor/config.ts";
import { examine } from "./doctor/examine.ts";
import { exitCode, page } from "./doctor/page.ts";
import { readDisks } from "./doctor/read-disks.ts";
import { readIssuer } from "./doctor/read-issuer.ts";
import { readParts } from "./doctor/read-parts.ts";
import { readRedis } from "./doctor/read-redis.ts";
import { readStore } from "./doctor/read-store.ts";

/** One shot: one page on how every part is and what to do, and ends, 0 when all is well, 1 with warnings, 2 with faults. */
try {
  keepLoopbackDirect(process.env);
  const config = readDoctorConfig(process.env);
  const [parts, redis, store, disks, issuer] = await Promise.all([
    readParts(config.parts, config),
    readRedis(config.redisUrl),
    readStore(config.databaseUrl),
    readDisks(config.paths),
    readIssuer(config.issuer),
  ]);
  const findings = examine({ version: VERSION, parts, redis, store, disks, issuer });
  process.stdout.write(page(findings, { version: VERSION, now: new Date() }));
  process.exitCode = exitCode(findings);
} catch (error) {
  if (!(error instanceof SettingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
