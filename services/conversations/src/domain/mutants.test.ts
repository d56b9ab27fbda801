import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type * as law from "./index.ts";
import { CONTACT_PROPERTIES, PROPERTIES } from "./testing/properties.ts";

/**
 * Mutation testing of the law: each rule and each look-up is left out, one at a time, in a copy of the source, and
 * the properties must find a history that shows it.
 */
const MUTANTS: Array<{ without: string; file: string; find: string; put: string }> = [
  {
    without: "the rule that an equal event is a duplicate",
    file: "settle.ts",
    find: 'if (equal !== undefined) return { kind: "duplicate", of: equal };',
    put: "",
  },
  {
    without: "the lowest receipt among equals",
    file: "settle.ts",
    find: "if (equal === undefined) firstEqual",
    put: "firstEqual",
  },
  { without: "waiting for the creation", file: "settle.ts", find: "if (!created)", put: "if (false)" },
  {
    without: "a creation that counts for what was accepted before it",
    file: "settle.ts",
    find: 'events.some(({ event }) => event.type === "NEW_CONVERSATION")',
    put: 'events.toSorted(byReceipt)[0]?.event.type === "NEW_CONVERSATION"',
  },
  {
    without: "the rule that a subject is named once",
    file: "settle.ts",
    find: "if (named.has(subjectOf(event)))",
    put: "if (false)",
  },
  {
    without: "a subject that stays named when its first event was refused",
    file: "settle.ts",
    find: "    named.add(subjectOf(event));",
    put: '    if (outcomes.get(receipt)?.kind === "applied") named.add(subjectOf(event));',
  },
  {
    without: "the type in the subject",
    file: "settle.ts",
    find: "`${event.type} ${nameOf(event)}`",
    put: "nameOf(event)",
  },
  {
    without: "the rule that nothing enters after the close",
    file: "settle.ts",
    find: 'if (event.type === "NEW_MESSAGE" && closed)',
    put: "if (false)",
  },
  {
    without: "that only messages are refused by a close",
    file: "settle.ts",
    find: 'if (event.type === "NEW_MESSAGE" && closed)',
    put: "if (closed)",
  },
  { without: "the order of receipts", file: "settle.ts", find: "events.toSorted(byReceipt)", put: "events" },
  {
    without: "the timestamp in what makes messages equal",
    file: "settle.ts",
    find: "[event.type, event.timestamp, id, direction",
    put: "[event.type, id, direction",
  },
  {
    without: "the timestamp in what makes closes equal",
    file: "settle.ts",
    find: "[event.type, event.timestamp, event.data.id]",
    put: "[event.type, event.data.id]",
  },
  {
    without: "the timestamp in what makes creations equal",
    file: "settle.ts",
    find: "[event.type, event.timestamp, id, ...of]",
    put: "[event.type, id, ...of]",
  },
  {
    without: "the contact in what makes creations equal",
    file: "settle.ts",
    find: "contact === undefined ? [] : [contact.channel, contact.id]",
    put: "[]",
  },
  {
    without: "the channel in what makes creations equal",
    file: "settle.ts",
    find: "[contact.channel, contact.id]",
    put: "[contact.id]",
  },
  {
    without: "that of a contact only channel and id make creations equal",
    file: "settle.ts",
    find: "[contact.channel, contact.id]",
    put: "[contact.channel, contact.id, contact.name]",
  },
  {
    without: "the contact that a creation names",
    file: "decide.ts",
    find: "contact === undefined ? fact : { ...fact, contact }",
    put: "fact",
  },
  {
    without: "the stored creation's contact",
    file: "decide.ts",
    find: "contact === undefined ? { id } : { id, contact }",
    put: "{ id }",
  },
  {
    without: "the order of receipts in what is said of a contact",
    file: "contact.ts",
    find: "sayings.toSorted(byReceipt)",
    put: "sayings",
  },
  {
    without: "that what is absent leaves a name",
    file: "contact.ts",
    find: "if (said.name !== undefined)",
    put: "if (true)",
  },
  {
    without: "that null clears a name",
    file: "contact.ts",
    find: "if (said.name !== undefined)",
    put: "if (said.name != null)",
  },
  {
    without: "that name and phone each count for themselves",
    file: "contact.ts",
    find: "if (said.phone !== undefined)",
    put: "if (said.name !== undefined)",
  },
  {
    without: "the lowest receipt among equal updates",
    file: "contact.ts",
    find: "updates.toSorted(byReceipt)",
    put: "updates.toSorted(byReceipt).toReversed()",
  },
  {
    without: "joining all that each of two ids was joined to",
    file: "contact.ts",
    find: "if (both.includes(person)) joined.set(key, least);",
    put: "void [key, person];",
  },
  {
    without: "a person's key that does not hang on the order of joining",
    file: "contact.ts",
    find: "both.toSorted()[0] ?? one",
    put: "both[0] ?? one",
  },
  {
    without: "the direction in what makes messages equal",
    file: "settle.ts",
    find: "event.timestamp, id, direction, content",
    put: "event.timestamp, id, content",
  },
  {
    without: "the content in what makes messages equal",
    file: "settle.ts",
    find: "direction, content, conversation_id, ...more]",
    put: "direction, conversation_id, ...more]",
  },
  {
    without: "the author in what makes messages equal",
    file: "settle.ts",
    find: "author === undefined ? [] : [author.id]",
    put: "[]",
  },
  {
    without: "that of an author only the id makes messages equal",
    file: "settle.ts",
    find: "author === undefined ? [] : [author.id]",
    put: "author === undefined ? [] : [author.id, author.name]",
  },
  {
    without: "that a message without an author is no other agent's",
    file: "settle.ts",
    find: "author === undefined ? [] : [author.id]",
    put: '[author?.id ?? "ana"]',
  },
  {
    without: "the file in what makes messages equal",
    file: "settle.ts",
    find: "[mediaContentOf(media)]",
    put: "[]",
  },
  {
    without: "where a file is in what makes messages equal",
    file: "settle.ts",
    find: "[mediaContentOf(media)]",
    put: "[[media.kind]]",
  },
  {
    without: "looking up all that waited when the creation comes",
    file: "lookups.ts",
    find: "waiting: creationComes",
    put: "waiting: false",
  },
  {
    without: "looking up the messages above a close that comes",
    file: "lookups.ts",
    find: "messagesAbove: closeBelow(conversation, incoming)",
    put: "messagesAbove: null",
  },
  {
    without: "looking up those above a close that is lower than the stored one",
    file: "lookups.ts",
    find: "let lowest = conversation.closed?.receipt ?? null;",
    put: 'let lowest = conversation.closed === null ? null : ("0" as Receipt);',
  },
  {
    without: "looking up the messages with the same id",
    file: "lookups.ts",
    find: "    messageIds,\n",
    put: "    messageIds: [],\n",
  },
  {
    without: "looking up the equal event",
    file: "lookups.ts",
    find: "equalTo: [...contents.values()]",
    put: "equalTo: []",
  },
  ...(
    [
      "NEW_CONVERSATION",
      "CLOSE_CONVERSATION",
      "NEW_MESSAGE",
      "MESSAGE_STATUS",
      "ASSIGN_CONVERSATION",
    ] as const
  ).map((type) => ({
    without: `looking up what is equal to a ${type}`,
    file: "lookups.ts",
    find: "equalTo: [...contents.values()]",
    put: `equalTo: [...contents.values()].filter(({ type }) => type !== "${type}")`,
  })),
  {
    without: "looking up the lowest that names the same message",
    file: "lookups.ts",
    find: 'messageIds.map((id) => ({ type: "NEW_MESSAGE" as const, id }))',
    put: "[]",
  },
  {
    without: "looking up the lowest close that waits when the creation comes",
    file: "lookups.ts",
    find: "...(creationComes ? [",
    put: "...(false ? [",
  },
  {
    without: "that of assignments the later one counts",
    file: "decide.ts",
    find: "a === null || b.receipt > a.receipt ? b : a",
    put: "a === null || b.receipt < a.receipt ? b : a",
  },
  {
    without: "that it is the receipt which makes one later, not the coming",
    file: "decide.ts",
    find: "a === null || b.receipt > a.receipt ? b : a",
    put: "b",
  },
  {
    without: "looking up the last assignment",
    file: "lookups.ts",
    find: 'event.type === "ASSIGN_CONVERSATION",',
    put: "false,",
  },
  {
    without: "the assignments that were read",
    file: "decide.ts",
    find: "    ...assignments.values(),\n",
    put: "",
  },
  {
    without: "keeping an assignment",
    file: "decide.ts",
    find: "decision.addAssignments.push(",
    put: "void (",
  },
  {
    without: "that a close does not refuse an assignment",
    file: "settle.ts",
    find: 'if (event.type === "ASSIGN_CONVERSATION") return { kind: "applied" };',
    put: 'if (event.type === "ASSIGN_CONVERSATION" && closed) return { kind: "rejected", reason: "CONVERSATION_CLOSED" };',
  },
  {
    without: "the agent in what makes assignments equal",
    file: "settle.ts",
    find: "event.data.id, event.data.agent?.id ?? null]",
    put: "event.data.id]",
  },
  {
    without: "the timestamp in what makes assignments equal",
    file: "settle.ts",
    find: "event.timestamp, event.data.id, event.data.agent",
    put: "event.data.id, event.data.agent",
  },
  {
    without: "that a name makes no other assignment",
    file: "settle.ts",
    find: "event.data.agent?.id ?? null]",
    put: "event.data.agent]",
  },
  {
    without: "that a status waits for its message",
    file: "settle.ts",
    find: "return known.has(event.data.message_id)",
    put: "return true",
  },
  {
    without: "that a refused message is known to its statuses",
    file: "settle.ts",
    find: "return known.has(event.data.message_id)",
    put: "return known.has(event.data.message_id) && !closed",
  },
  {
    without: "the status in what makes statuses equal",
    file: "settle.ts",
    find: "conversation_id, status]",
    put: "conversation_id]",
  },
  {
    without: "the timestamp in what makes statuses equal",
    file: "settle.ts",
    find: "[event.type, event.timestamp, message_id",
    put: "[event.type, message_id",
  },
  {
    without: "the message in what makes statuses equal",
    file: "settle.ts",
    find: "event.timestamp, message_id, conversation_id, status]",
    put: "event.timestamp, conversation_id, status]",
  },
  {
    without: "that details make no other status",
    file: "settle.ts",
    find: "conversation_id, status]",
    put: "conversation_id, status, event.data.detail]",
  },
  {
    without: "looking up the message that a status is about",
    file: "lookups.ts",
    find: "...come, ...statuses.map(({ data }) => data.message_id)",
    put: "...come",
  },
  {
    without: "looking up the statuses that wait for a message that comes",
    file: "lookups.ts",
    find: "conversation.created === null ? [] : come",
    put: "[]",
  },
  {
    without: "looking up the equal status",
    file: "lookups.ts",
    find: "statusEqualTo: statuses",
    put: "statusEqualTo: []",
  },
  {
    without: "the statuses that were read",
    file: "decide.ts",
    find: "    ...statuses.values(),\n",
    put: "",
  },
  {
    without: "keeping a status",
    file: "decide.ts",
    find: "decision.addStatuses.push(",
    put: "void (",
  },
  {
    without: "what a status waits for",
    file: "decide.ts",
    find: "return reasonToWait(outcome);",
    put: 'return "CONVERSATION_NOT_FOUND";',
  },
  {
    without: "steps for statuses that were left out",
    file: "decide.ts",
    find: "leftOut.waiting || leftOut.statuses ?",
    put: "leftOut.waiting ?",
  },
  {
    without: "steps for those that wait and were left out",
    file: "decide.ts",
    find: "leftOut.waiting || leftOut.statuses ?",
    put: "leftOut.statuses ?",
  },
  {
    without: "steps for messages above a close that were left out",
    file: "decide.ts",
    find: "leftOut.messagesAbove ? closeBelow(conversation, incoming) : null",
    put: "null",
  },
  {
    without: "steps that go back to a lower close",
    file: "decide.ts",
    find: "receipts.toSorted()[0]",
    put: "receipts.toSorted().at(-1)",
  },
  {
    without: "steps that know where they were",
    file: "decide.ts",
    find: "    conversation.unsettledAbove,\n",
    put: "",
  },
  {
    without: "a further step after a full one",
    file: "choose-step.ts",
    find: "&& receipts.length < limit.events",
    put: "",
  },
  {
    without: "steps by receipt",
    file: "choose-step.ts",
    find: "(a.receipt < b.receipt ? -1 : 1)",
    put: "(a.receipt < b.receipt ? 1 : -1)",
  },
  {
    without: "looking up what is unapplied under the same receipt",
    file: "lookups.ts",
    find: "under: incoming.map(({ receipt }) => receipt)",
    put: "under: []",
  },
  {
    without: "the stored creation and close",
    file: "decide.ts",
    find: "    ...factsAsEvents(loaded.conversation),\n",
    put: "",
  },
  { without: "the messages that were read", file: "decide.ts", find: "    ...messages.values(),\n", put: "" },
  {
    without: "the unapplied events that were read",
    file: "decide.ts",
    find: "    ...unapplied.values(),\n",
    put: "",
  },
  {
    without: "taking a message out again",
    file: "decide.ts",
    find: "decision.removeMessages.push(accepted)",
    put: "void 0",
  },
  {
    without: "deleting what is unapplied no longer",
    file: "decide.ts",
    find: "decision.removeUnapplied.push(receipt)",
    put: "void 0",
  },
  {
    without: "keeping what is not applied",
    file: "decide.ts",
    find: "decision.addUnapplied.push(",
    put: "void (",
  },
  {
    without: "asking whether another conversation holds the message id",
    file: "decide.ts",
    find: "decision.addMessages.filter(({ event }) => takenIds.has(idOf(event)))",
    put: "decision.addMessages.filter(() => false)",
  },
  {
    without: "keeping a message whose id another conversation holds",
    file: "decide.ts",
    find: "[...decision.addUnapplied, ...refused]",
    put: "decision.addUnapplied",
  },
];

/** What a round of histories misses by chance, a further one does not; short ones, since one property finds it at once. */
const ROUNDS = 40;
const RUNS = 1_500;

test.each(MUTANTS)(
  "without $without, a history shows it",
  { timeout: 180_000 },
  async ({ file, find, put }) => {
    const mutant = await mutated({ file, find, put });
    const properties = file === "contact.ts" ? CONTACT_PROPERTIES : PROPERTIES;
    let failed = false;
    for (let round = 0; round < ROUNDS && !failed; round += 1) {
      failed = properties.some(({ of }) => fc.check(of(mutant), { numRuns: RUNS }).failed);
    }
    expect(failed).toBe(true);
  },
);

async function mutated({
  file,
  find,
  put,
}: {
  file: string;
  find: string;
  put: string;
}): Promise<typeof law> {
  const directory = await mkdtemp(join(tmpdir(), "fio-mutant-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const names = [
    "index",
    "choose-step",
    "settle",
    "contact",
    "lookups",
    "decide",
    "erased",
    "shared-receipts",
    "types",
  ];
  for (const name of names.map((one) => `${one}.ts`)) {
    await cp(new URL(name, import.meta.url), join(directory, name));
  }
  const source = await readFile(join(directory, file), "utf8");
  // A mutant that changes nothing, or more than it names, would prove nothing.
  expect(source.split(find)).toHaveLength(2);
  await writeFile(
    join(directory, file),
    source.replace(find, () => put),
  );
  return (await import(pathToFileURL(join(directory, "index.ts")).href)) as typeof law;
}
