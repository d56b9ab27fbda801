import {
  contactKeyOf,
  type AcceptedUpdate,
  type ContactName,
  type ContactRow,
  type Outcome,
  type Receipt,
} from "@fio/contracts";
import { joinPersons, knownOf, lowestOfEqual, type Fact } from "../domain/index.ts";
import * as statements from "./contact-statements.ts";
import { termsOf } from "./contact-terms.ts";
import { contentHash } from "./content-hash.ts";
import { receiptFrom, type StoredReceipt } from "./rows.ts";
import { query, together, type Connection, type Statement } from "./sql.ts";

/** Meanwhile another transaction has joined a contact to those that this one locked. */
export class ContactsJoined extends Error {}

/** What a transaction does about contacts. */
export type ContactChanges = {
  updates: readonly AcceptedUpdate[];
  /** Creations that hold now, or hold no longer. */
  creations: ReadonlyArray<{ conversation: string; before: Fact | null; after: Fact | null }>;
  /** Whose conversations readers are told of. */
  shown: readonly ContactName[];
};

export type SavedContacts = {
  /** Of every update, and of those that they repeat. */
  outcomes: Map<Receipt, Outcome>;
  /** As they are now, by their keys: those that are shown, and those that changed. */
  rows: ReadonlyMap<string, ContactRow>;
  changed: ContactRow[];
  /** Whether an update had failed until now. */
  anyRecovered: boolean;
  /** What is left to write. */
  writes: Array<Statement | null>;
};

const NONE: SavedContacts = {
  outcomes: new Map(),
  rows: new Map(),
  changed: [],
  anyRecovered: false,
  writes: [],
};

/** Nothing is asked where nothing is about a contact; two round trips where one changes. */
export async function saveContacts(
  connection: Connection,
  { updates, creations, shown }: ContactChanges,
): Promise<SavedContacts> {
  const shownKeys = [...new Set(shown.map(contactKeyOf))];
  const named = namedIn(updates, creations);
  if (named.size === 0) {
    if (shownKeys.length === 0) return NONE;
    const [rows] = await together(connection, [statements.selectContacts(connection, shownKeys)]);
    return { ...NONE, rows: rowsByKey(rows as statements.StoredContact[]) };
  }

  const keys = [...named.keys()];
  const of = statements.selectOfPersons;
  for (const one of await query<statements.StoredContact>(connection, of(connection, "persons", keys))) {
    named.set(one.key, one);
  }
  const locked = [...named.values()];
  const counting = lowestOfEqual(updates);
  const said = creations.map(({ conversation, after }) => ({
    conversation,
    receipt: after?.receipt ?? ("" as Receipt),
    said: after?.contact ?? null,
  }));
  const [, members, , , countsAt, latest, recovered, others] = (await together(connection, [
    statements.lockContacts(connection, locked),
    of(connection, "persons_locked", keys),
    statements.deleteSayings(
      connection,
      said.filter((one) => one.said === null).map(({ conversation }) => conversation),
    ),
    statements.upsertSayings(connection, counting, said),
    statements.selectCounting(connection, counting),
    statements.selectLatest(connection, [...named.keys()]),
    statements.deleteFailedUpdates(
      connection,
      updates.map(({ receipt }) => receipt),
    ),
    statements.selectContacts(
      connection,
      shownKeys.filter((key) => !named.has(key)),
    ),
  ])) as [
    unknown,
    statements.StoredContact[],
    unknown,
    unknown,
    statements.CountsAtRow[],
    statements.LatestRow[],
    Array<{ receipt: StoredReceipt }>,
    statements.StoredContact[],
  ];
  if (members.some(({ key }) => !named.has(key))) throw new ContactsJoined();

  const changed = changedContacts(members, latest, updates);
  const changedKeys = changed.map(({ key }) => key);
  return {
    outcomes: outcomesOf(updates, countsAt),
    rows: rowsByKey([...others, ...members, ...changed]),
    changed: changed.map(contactRow),
    anyRecovered: recovered.length > 0,
    writes: [
      statements.updateContacts(connection, changed),
      statements.deleteTerms(connection, changedKeys),
      statements.insertTerms(
        connection,
        changed.flatMap((one) => termsOf(one).map((term) => ({ term, contact: one.key }))),
      ),
    ],
  };
}

/** In the order in which they are locked once sorted: by their keys. */
function namedIn(
  updates: ContactChanges["updates"],
  creations: ContactChanges["creations"],
): Map<string, ContactName> {
  const names = [
    ...updates.flatMap(({ event: { data } }) => [
      data,
      ...(data.formerly === undefined ? [] : [{ channel: data.channel, id: data.formerly }]),
    ]),
    ...creations.flatMap(({ before, after }) => [before?.contact, after?.contact]),
  ];
  return new Map(names.flatMap((name) => (name === undefined ? [] : [[contactKeyOf(name), name]])));
}

function changedContacts(
  members: readonly statements.StoredContact[],
  latest: readonly statements.LatestRow[],
  updates: readonly AcceptedUpdate[],
): statements.StoredContact[] {
  const pairs = updates.flatMap(({ event: { data } }): Array<readonly [string, string]> => {
    const { channel, formerly } = data;
    return formerly === undefined ? [] : [[contactKeyOf(data), contactKeyOf({ channel, id: formerly })]];
  });
  const persons = joinPersons(new Map(members.map(({ key, person }) => [key, person])), pairs);
  const sayings = Map.groupBy(latest, ({ contact }) => persons.get(contact));
  return [...Map.groupBy(members, ({ key }) => persons.get(key) ?? key)].flatMap(([person, own]) => {
    const known = knownOf((sayings.get(person) ?? []).map(statements.sayingFrom));
    const version = Math.max(...own.map((one) => one.version)) + 1;
    return own
      .filter(
        (one) =>
          one.version === 0 || one.person !== person || one.name !== known.name || one.phone !== known.phone,
      )
      .map((one) => ({ ...one, person, ...known, version }));
  });
}

function outcomesOf(
  updates: readonly AcceptedUpdate[],
  rows: readonly statements.CountsAtRow[],
): Map<Receipt, Outcome> {
  const countsAt = new Map(rows.map((row) => [row.source, receiptFrom(row.receipt)]));
  const outcomes = new Map<Receipt, Outcome>();
  for (const { receipt, event } of updates) {
    const of = countsAt.get(contentHash(event)) ?? receipt;
    outcomes.set(of, { kind: "applied" });
    if (of !== receipt) outcomes.set(receipt, { kind: "duplicate", of });
  }
  return outcomes;
}

const contactRow = ({ channel, id, name, phone, version }: statements.StoredContact): ContactRow => ({
  channel,
  id,
  name,
  phone,
  version,
});

const rowsByKey = (contacts: readonly statements.StoredContact[]): Map<string, ContactRow> =>
  new Map(contacts.map((one) => [one.key, contactRow(one)]));
