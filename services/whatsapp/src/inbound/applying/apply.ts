import type { Log } from "@fio/service/log";
import { factOf, type Fact, type SaidMessage, type SaidStatus } from "../reading/facts.ts";
import type { Json } from "../../json.ts";
import type { Person } from "../reading/person.ts";
import type { Item } from "../reading/split.ts";
import { update } from "./events.ts";
import { placeHistory } from "./history.ts";
import type { Ingest } from "../../ingest.ts";
import { lookUp, type Known } from "./known.ts";
import { placeMessages } from "./messages.ts";
import type { ReadApi } from "./read-api.ts";
import { tellStatuses } from "./statuses.ts";
import type { Unread } from "./unread.ts";

export type Applying = {
  api: ReadApi;
  ingest: Ingest;
  /** By which refusals are seen to; `undefined`: that is left to agents. */
  webKey: Buffer | undefined;
  unread: Unread;
  log: Log;
  /** Has a status come again after a while, whose message may be on its way; `false` when it has been long enough. */
  putOff: (item: Item) => Promise<boolean>;
  /** Told of each status of a message that Fio sent, once Fio has it; `raw` as it came. */
  heard: (status: { messageId: string; channel: string; raw: Json }) => Promise<void>;
  /** Told of each kind of fact, for the metrics. */
  count: (kind: Fact["kind"] | "foreign status") => void;
};

type Read = { item: Item; fact: Fact };

/**
 * Turns one person's items into events, and resolves once every one has its outcome. Doing it once more with the same items
 * changes nothing. Throws `Unavailable` where another part of Fio does not answer.
 */
export function createApply(applying: Applying): (items: readonly Item[]) => Promise<void> {
  const { unread, putOff, heard, count, log } = applying;
  return async function apply(items) {
    const all = items.map((item): Read => ({ item, fact: factOf(item) }));
    const unplaced = new Set<SaidStatus>();
    const valid = await applyTogether(applying, all, (status) => unplaced.add(status));
    if (!valid && items.length > 1) {
      for (const item of items) await apply([item]);
      return;
    }
    for (const { item, fact } of all) {
      if (!valid || fact.kind === "unread") {
        await unread(item, fact.kind === "unread" ? fact.why : "ingest does not take what became of it");
      }
      if (valid && fact.kind === "status" && fact.status.ours) {
        await heard({ messageId: fact.status.sent.messageId, channel: item.channel, raw: item.raw });
      }
      const isUnplaced = valid && fact.kind === "status" && unplaced.has(fact.status);
      if (!isUnplaced) count(valid ? fact.kind : "unread");
      // Others may send from our number too, and their messages have statuses as well.
      else if (!(await putOff(item))) count("foreign status");
    }
    log.debug({ items: items.length, kinds: all.map(({ fact }) => fact.kind) }, "applied");
  };
}

/** Whether all of it is what ingest takes. */
async function applyTogether(
  applying: Applying,
  all: readonly Read[],
  unplaced: (status: SaidStatus) => void,
): Promise<boolean> {
  const facts = all.map(({ fact }) => fact);
  const of = <Kind extends Fact["kind"]>(kind: Kind) =>
    facts.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
  const { api, ingest } = applying;
  let valid = true;
  const updates = of("contact").map(({ person, formerly, timestamp }) =>
    update(person, { formerly, timestamp }),
  );
  if (updates.length > 0) valid = (await ingest.settle(updates)) !== null;

  const messages = of("message");
  const person = together(messages.map((fact) => fact.person));
  if (person !== null) {
    const known = await lookUp(api, person);
    const said = messages.map(({ message }) => message);
    const learnt = newsOf(person, known, said);
    if (learnt !== null) valid = (await ingest.settle([learnt])) !== null && valid;
    const placed = await placeMessages({ ...applying, person, known, messages: said });
    valid = placed === "placed" && valid;
  }
  for (const history of of("history")) valid = (await placeHistory(ingest, history)) && valid;
  const statuses = of("status").map(({ status }) => status);
  return (await tellStatuses({ api, ingest, statuses, unplaced })) && valid;
}

/** All of them are one person's: what the last says counts, and what any says is known. */
function together(people: readonly Person[]): Person | null {
  return people.reduce<Person | null>(
    (one, next) =>
      one === null
        ? next
        : {
            ...next,
            also: next.also ?? one.also,
            phone: next.phone ?? one.phone,
            name: next.name ?? one.name,
          },
    null,
  );
}

/**
 * What is to be said of a person who is known already: that two ids are theirs, a phone number, a name where there is none.
 * A name that is there may be one that agents gave, and stays.
 */
function newsOf(person: Person, known: Known, messages: readonly SaidMessage[]) {
  const joins = person.also !== null && !known.ids.has(person.also);
  const names = known.isKnown && known.name === null && person.name !== null;
  const phones = known.isKnown && known.phone === null && person.phone !== null;
  const [first] = messages;
  if (first === undefined || !(joins || names || phones)) return null;
  return update(
    {
      ...person,
      name: names || !known.isKnown ? person.name : null,
      phone: phones || !known.isKnown ? person.phone : null,
    },
    { formerly: joins ? person.also : null, timestamp: first.timestamp },
  );
}
