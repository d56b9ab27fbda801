/**
 * The order in which cells are measured: each once a round. Those that are compared (of one group) stay side by side, so
 * that a change of the machine's other load meets all of them; who begins moves on with each round.
 */
export function interleave<Cell>(
  cells: readonly Cell[],
  { rounds, groupOf }: { rounds: number; groupOf: (cell: Cell) => string },
): Cell[][] {
  const groups = [...Map.groupBy(cells, groupOf).values()];
  return Array.from({ length: rounds }, (_, round) =>
    groups.flatMap((group) => {
      const first = round % group.length;
      return [...group.slice(first), ...group.slice(0, first)];
    }),
  );
}
