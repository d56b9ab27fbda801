import type { Knex } from "knex";
import * as initial from "./001-initial.ts";
import * as search from "./002-search.ts";
import * as report from "./003-report.ts";
import * as boundedLookUps from "./004-bounded-look-ups.ts";
import * as backfills from "./005-backfills.ts";
import * as lists from "./006-lists.ts";
import * as operations from "./007-operations.ts";
import * as sentAt from "./008-sent-at.ts";
import * as uniqueReceipts from "./009-unique-receipts.ts";
import * as waiters from "./010-waiters.ts";
import * as unanswered from "./011-unanswered.ts";
import * as resolutions from "./012-resolutions.ts";
import * as handles from "./013-handles.ts";
import * as vocabulary from "./014-vocabulary.ts";
import * as authors from "./015-authors.ts";
import * as accounts from "./016-accounts.ts";
import * as contacts from "./017-contacts.ts";
import * as statuses from "./018-statuses.ts";
import * as deliveries from "./019-deliveries.ts";
import * as erasure from "./020-erasure.ts";
import * as identities from "./021-identities.ts";
import * as audit from "./022-audit.ts";
import * as retention from "./023-retention.ts";
import * as assignments from "./024-assignments.ts";
import * as media from "./025-media.ts";
import * as secondFactors from "./027-second-factors.ts";
import * as seenDeliveries from "./028-seen-deliveries.ts";
import * as eraseCustomers from "./030-erase-customers.ts";

type Migration = { up: (knex: Knex) => Promise<void>; down: (knex: Knex) => Promise<void> };

const migrations: Record<string, Migration> = {
  "001-initial": initial,
  "002-search": search,
  "003-report": report,
  "004-bounded-look-ups": boundedLookUps,
  "005-backfills": backfills,
  "006-lists": lists,
  "007-operations": operations,
  "008-sent-at": sentAt,
  "009-unique-receipts": uniqueReceipts,
  "010-waiters": waiters,
  "011-unanswered": unanswered,
  "012-resolutions": resolutions,
  "013-handles": handles,
  "014-vocabulary": vocabulary,
  "015-authors": authors,
  "016-accounts": accounts,
  "017-contacts": contacts,
  "018-statuses": statuses,
  "019-deliveries": deliveries,
  "020-erasure": erasure,
  "021-identities": identities,
  "022-audit": audit,
  "023-retention": retention,
  "024-assignments": assignments,
  "025-media": media,
  "027-second-factors": secondFactors,
  "028-seen-deliveries": seenDeliveries,
  "030-erase-customers": eraseCustomers,
};

/** The migrations as code: no directory to scan, nothing that depends on where the process runs. */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: () => Promise.resolve(Object.keys(migrations)),
  getMigrationName: (name) => name,
  getMigration: (name) => {
    const migration = migrations[name];
    if (migration === undefined) throw new Error(`no migration ${name}`);
    return Promise.resolve(migration);
  },
};
