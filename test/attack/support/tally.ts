/** What was sent and how it was answered: a line for each attack. */
export type Tally = {
  /** Counts answers, and gives back those that are not expected, each with what it answered. */
  add: (attack: string, answers: readonly Answered[], expected: readonly (number | string)[]) => string[];
  page: () => string;
};
export type Answered = { what: string; status: string };

export function createTally(): Tally {
  const lines = new Map<string, Map<string, number>>();
  return {
    add: (attack, answers, expected) => {
      const counts = lines.get(attack) ?? new Map<string, number>();
      lines.set(attack, counts);
      for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
      const allowed = new Set(expected.map(String));
      return answers.flatMap(({ what, status }) => (allowed.has(status) ? [] : [`${what}: ${status}`]));
    },
    page: () => {
      const rows = [...lines].map(([attack, counts]) => {
        const sent = [...counts.values()].reduce((sum, count) => sum + count, 0);
        const statuses = [...counts].toSorted().map(([status, count]) => `${status} × ${count}`);
        return [attack, String(sent), statuses.join(", ")];
      });
      const total = rows.reduce((sum, [, sent]) => sum + Number(sent), 0);
      const all = [["attack", "requests", "answered"], ...rows, ["all", String(total), ""]];
      const [first, second] = [0, 1].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
      return all
        .map(([attack = "", sent = "", answered = ""]) =>
          `${attack.padEnd(first ?? 0)}  ${sent.padStart(second ?? 0)}  ${answered}`.trimEnd(),
        )
        .join("\n");
    },
  };
}
