import { idOf, type AcceptedEvent, type EventOutcome, type Receipt } from "@fio/contracts";
import type { Snapshot } from "../rig/store/snapshot.ts";
import type { Violation } from "./violation.ts";

const AT_ONCE = 16;
/** The api lists no more of one type and id: the applied one, then those with the lowest receipts. */
const LISTED_MAX = 100;

type Fate = { receipt: Receipt; outcome: string };

/** Asks the api what became of every single event that is in the store, as a sender would. */
export async function outcomeViolations(apiUrl: string, snapshot: Snapshot): Promise<Violation[]> {
  const fates = [
    ...snapshot.applied.map((accepted) => ({ ...accepted, outcome: "applied" })),
    ...snapshot.kept
      .filter(isOfConversation)
      .map(({ reason, ...accepted }) => ({ ...accepted, outcome: toldOf(reason) })),
  ];
  const bySubject = Map.groupBy(fates, ({ event }) => `${event.type}/${idOf(event)}`);
  const questions = [...bySubject];
  const violations: Violation[] = [];
  const ask = async (): Promise<void> => {
    for (let next = questions.pop(); next !== undefined; next = questions.pop()) {
      const [subject, expected] = next;
      const violation = await violationOf({ apiUrl, subject, expected });
      if (violation !== null) violations.push(violation);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return violations;
}

/** The others have no id to ask for. */
const isOfConversation = <Kept extends Snapshot["kept"][number]>(kept: Kept): kept is Kept & AcceptedEvent =>
  kept.event.type !== "UPDATE_CONTACT";

async function violationOf({
  apiUrl,
  subject,
  expected,
}: {
  apiUrl: string;
  subject: string;
  expected: Fate[];
}): Promise<Violation | null> {
  const wrong = (line: string): Violation => ({
    kind: "wrong",
    line: `GET /events/${subject} ${line}`,
    ...(expected[0] === undefined ? {} : { receipt: expected[0].receipt }),
  });
  const answer = await fetch(`${apiUrl}/events/${subject}`).catch(() => null);
  if (answer?.status !== 200) {
    await answer?.body?.cancel();
    return wrong(`was answered ${answer?.status ?? "not at all"}`);
  }
  const told = (await answer.json()) as EventOutcome;
  const all = [told, ...(told.others ?? [])].map(({ receipt, outcome, reason }) => ({
    receipt,
    outcome: toldOf(reason ?? outcome),
  }));
  const line = (fates: Fate[]): string =>
    fates
      .map(({ receipt, outcome }) => `${receipt} ${outcome}`)
      .toSorted()
      .join(", ");
  const listed = expected.toSorted(appliedFirst).slice(0, LISTED_MAX);
  if (line(all) !== line(listed)) return wrong(`says ${line(all)}, the store holds ${line(listed)}`);
  const first = listed[0] as Fate;
  return told.receipt === first.receipt ? null : wrong(`begins with ${told.receipt}, not ${first.receipt}`);
}

/** Within the grace it is told as waiting, afterwards as rejected. */
const toldOf = (outcome: string): string =>
  outcome === "CONVERSATION_NOT_FOUND" || outcome === "MESSAGE_NOT_FOUND" ? "waiting" : outcome;

function appliedFirst(a: Fate, b: Fate): number {
  const isApplied = ({ outcome }: Fate): number => Number(outcome === "applied");
  return isApplied(b) - isApplied(a) || (a.receipt < b.receipt ? -1 : 1);
}
