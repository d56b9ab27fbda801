import type { Knex } from "knex";
import type { Store } from "./connect.ts";

/** What each part may do with each table, as SQL names it; no part may change the schema. */
export const RIGHTS: Readonly<Record<string, { worker?: string; api?: string; doctor?: string }>> = {
  conversations: { worker: "select, insert, update, delete", api: "select" },
  messages: { worker: "select, insert, update, delete", api: "select" },
  // The doctor counts, and reads no customer's word.
  unapplied_events: {
    ...{ worker: "select, insert, update, delete", api: "select" },
    doctor: "select (receipt, reason)",
  },
  resolutions: { worker: "select, insert, update, delete", api: "select" },
  contacts: { worker: "select, insert, update, delete", api: "select" },
  contact_sayings: { worker: "select, insert, update, delete", api: "select" },
  contact_terms: { worker: "select, insert, delete", api: "select" },
  assignments: { worker: "select, insert, update, delete", api: "select" },
  message_statuses: { worker: "select, insert, update, delete", api: "select" },
  // The read API has one sent once more, or marks it as seen.
  deliveries: {
    ...{ worker: "select, insert, update, delete", api: "select, update" },
    doctor: "select (message_id, state, created_at, version, seen_version)",
  },
  delivery_lanes: { worker: "select, insert, update, delete", api: "select, insert, update" },
  // Whoever erases comes in as the worker does.
  tombstones: {
    ...{ worker: "select, insert, update", api: "select" },
    doctor: "select (conversation_id, erased_at, finished_at)",
  },
  erased_messages: { worker: "select, insert", api: "select" },
  erased_words: { worker: "select, insert, delete" },
  erased_contacts: { worker: "select, insert, update" },
  erasure_keys: { worker: "select" },
  leases: { worker: "select, insert, update" },
  outbox: { worker: "select, insert, update, delete", doctor: "select (id, claimed_at)" },
  // The read API takes the marks off what it queues again.
  poison_marks: { worker: "select, insert, update, delete", api: "select, delete" },
  // The triggers of messages write it as whoever writes the message.
  search_words: { worker: "select, insert, delete", api: "select" },
  backfills: { worker: "select, insert, update", api: "select" },
  // The read API makes and disables accounts for admins who are signed in; of one that is there it changes neither role nor address.
  accounts: { api: "select, insert, update (password_hash, disabled_at)" },
  sign_in_links: { api: "select, insert, update, delete" },
  sessions: { api: "select, insert, update, delete" },
  sign_in_attempts: { api: "select, insert, update, delete" },
  // Ties an account to who proved to be its owner; a reset of the account unties it.
  identities: { api: "select, insert, delete" },
  sign_in_flows: { api: "select, insert, delete" },
  // The secret of codes is as it is: no other part's role reads it.
  second_factors: { api: "select, insert, update, delete" },
  recovery_codes: { api: "select, insert, delete" },
  second_steps: { api: "select, insert, delete" },
  // Who did what: whoever writes it adds lines, and nothing else. The worker's is for erasing.
  audit_log: { worker: "insert", api: "select, insert" },
  write_probe: { worker: "select, update" },
  schema_needs: { worker: "select", api: "select", doctor: "select" },
  knex_migrations: { worker: "select", api: "select", doctor: "select" },
  // Of workers before migration 004, which come in as the owner.
  trials: {},
  knex_migrations_lock: {},
};

/** The roles of the parts that work on the store. */
export type Roles = { worker: string; api: string; doctor: string };

/**
 * As the owner of the tables, after a migration: gives each role what its part uses and takes everything else away. Roles
 * that are not there are left out: a deployment may let all come in as one.
 */
export async function grantRights(store: Store, roles: Roles): Promise<void> {
  if (store.dialect === "sqlite") return;
  await store.write.transaction(async (knex) => {
    await knex.raw("select pg_advisory_xact_lock(4616192)");
    const { rows } = await knex.raw<{ rows: Array<{ rolname: string }> }>(
      "select rolname from pg_roles where rolname = any(?)",
      [Object.values(roles)],
    );
    const found = new Set(rows.map(({ rolname }) => rolname));
    if (found.has(roles.worker)) {
      await grantTo(knex, "worker", roles.worker);
      await knex.raw("grant usage on all sequences in schema public to ??", [roles.worker]);
    }
    if (found.has(roles.api)) await grantTo(knex, "api", roles.api);
    if (found.has(roles.doctor)) await grantTo(knex, "doctor", roles.doctor);
  });
}

/** Tables of later migrations: until the list above names them a part gets by with these. */
const LATER = { worker: "select, insert, update, delete", api: "select", doctor: null };

async function grantTo(knex: Knex, part: keyof Roles, role: string): Promise<void> {
  await knex.raw("revoke all on all tables in schema public from ??", [role]);
  for (const [table, rights] of Object.entries(RIGHTS)) {
    const given = rights[part];
    if (given !== undefined) await knex.raw(`grant ${given} on ?? to ??`, [table, role]);
  }
  const later = LATER[part];
  if (later !== null)
    await knex.raw(`alter default privileges in schema public grant ${later} on tables to ??`, [role]);
}
