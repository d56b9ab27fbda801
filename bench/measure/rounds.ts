import { conversationId, type Lopsided } from "../../services/conversations/src/store/testing/lopsided.ts";
import { startGenerator, type Generator } from "../generator/generator.ts";
import { comparisonOf, subjectKey, type Cell } from "../plan/cells.ts";
import { cellName, promiseOf, subjectName } from "../plan/names.ts";
import { onceThere } from "../support/once-there.ts";
import { measureCell } from "./cell.ts";
import { interleave } from "./interleave.ts";
import { prepareSubject, type Subject } from "./subject.ts";
import type { Options } from "../plan/options.ts";
import type { Result } from "../report/results.ts";
import type { Servers } from "../systems/servers.ts";
import type { Sample } from "./sample.ts";

const CONVERSATIONS = 1_000;
/** What the fill leaves open at its end: see {@link Lopsided}. */
const OPEN_AFTER_FILL = 97_000;
const HOUR_MS = 3_600_000;
/** Before its first cell: a process that has just begun runs code that is not compiled yet. */
const WARM_UP = { connections: 16, events: 1, traffic: "messages", seconds: 1.5, most: 6_000 } as const;

/** Measures every cell in every round; throws at the first of which something was lost. */
export async function runRounds({
  cells,
  options,
  servers,
  say,
}: {
  cells: readonly Cell[];
  options: Options;
  servers: Servers;
  say: (line: string) => void;
}): Promise<Result[]> {
  const results = new Map<Cell, Sample[]>(cells.map((cell) => [cell, []]));
  const generator = startGenerator();
  const warmUp = async (subject: Subject): Promise<void> => {
    const { system, conversations } = subject;
    subject.took(await generator.send({ ...WARM_UP, url: system.url, conversations }));
    await subject.untilApplied();
    await subject.check();
  };
  const started = startedSubjects({
    servers,
    filled: options.filled,
    warmUp: options.short ? () => Promise.resolve() : warmUp,
  });
  try {
    if (options.once !== undefined) {
      for (const cell of cells) if (isFilled(cell)) await started.of(cell);
      await onceThere(options.once);
    }
    const rounds = interleave(cells, { rounds: options.rounds, groupOf: comparisonOf });
    for (const [round, order] of rounds.entries()) {
      for (const cell of order) {
        const sample = await measure(cell, { started, generator, options, servers });
        results.get(cell)?.push(sample);
        say(
          `${round + 1}/${options.rounds} ${cellName(cell)}: ${sample.perSecond.toFixed(0)}/s, ` +
            `p99 ${sample.latency.p99.toFixed(1)} ms, applied ${sample.appliedPerSecond?.toFixed(0) ?? "–"}/s`,
        );
      }
      await started.endOfRound();
    }
  } finally {
    generator.end();
    await started.end();
  }
  return [...results].map(([cell, samples]) => ({
    group: cell.group,
    subject: subjectName(cell.subject),
    promise: promiseOf(cell.subject),
    shape: cell.shape,
    samples,
  }));
}

async function measure(
  cell: Cell,
  {
    started,
    generator,
    options: { seconds, most },
    servers,
  }: { started: Started; generator: Generator; options: Options; servers: Servers },
): Promise<Sample> {
  try {
    const subject = await started.of(cell);
    const postgres = cell.subject.store === "postgres" ? servers.meter : null;
    const given = { subject, limits: { seconds, most }, generator, postgres };
    const { rate, ...unlimited } = cell.shape;
    if (rate !== "half")
      return await measureCell({ ...given, shape: { ...unlimited, ...(rate && { rate }) } });
    const { perSecond } = await measureCell({ ...given, shape: unlimited });
    return await measureCell({ ...given, shape: { ...unlimited, rate: Math.round(perSecond / 2) } });
  } catch (error) {
    throw new Error(cellName(cell), { cause: error });
  }
}

type Started = {
  of: (cell: Cell) => Promise<Subject>;
  endOfRound: () => Promise<void>;
  end: () => Promise<void>;
};

/** Each is started when its first cell comes and serves all of a round; only a store that takes an hour to fill stays. */
function startedSubjects({
  servers,
  filled,
  warmUp,
}: {
  servers: Servers;
  filled: number;
  warmUp: (subject: Subject) => Promise<void>;
}): Started {
  const started = new Map<string, { subject: Subject; stays: boolean }>();
  const end = async (which: (stays: boolean) => boolean): Promise<void> => {
    for (const [key, { subject, stays }] of started) {
      if (!which(stays)) continue;
      started.delete(key);
      await subject.system.remove();
    }
  };
  return {
    of: async ({ subject }) => {
      const key = subjectKey(subject);
      const known = started.get(key);
      if (known !== undefined) return known.subject;
      const stays = isFilled({ subject });
      const fill = stays ? fillOf(filled) : undefined;
      const system = await servers.start(subject, fill);
      const prepared = await prepareSubject(system, {
        count: CONVERSATIONS,
        known: fill === undefined ? undefined : openIn(fill),
      });
      started.set(key, { subject: prepared, stays });
      await warmUp(prepared);
      return prepared;
    },
    endOfRound: () => end((stays) => !stays),
    end: () => end(() => true),
  };
}

const isFilled = ({ subject }: Pick<Cell, "subject">): boolean =>
  subject.kind === "fio" && subject.big === true;

const fillOf = (messages: number): Lopsided => ({
  conversations: Math.max(1_000, Math.floor(messages / 10)),
  messages,
  unapplied: Math.floor(messages / 100),
  now: Date.now() - HOUR_MS,
});

/** The newest are open, a tenth of all at most. */
const openIn = ({ conversations }: Lopsided): string[] =>
  Array.from({ length: Math.min(OPEN_AFTER_FILL, Math.floor(conversations / 10)) }, (_, index) =>
    conversationId(conversations - 1 - index),
  );
