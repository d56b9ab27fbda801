import { COLOURS, element, picture, text, ticks } from "./svg.ts";
import { number } from "./numbers.ts";

/** One line through its points; `null` leaves one out. */
export type Line = { label: string; values: ReadonlyArray<number | null> };

const [WIDTH, LEFT, RIGHT, TOP, HEIGHT] = [900, 70, 290, 60, 300];

/** Over steps that stand side by side, whatever lies between them; names at the right, in the order of the last points. */
export function lineChart({
  title,
  unit,
  steps,
  stepsAre,
  lines,
}: {
  title: string;
  unit: string;
  steps: readonly string[];
  stepsAre: string;
  lines: readonly Line[];
}): string {
  const bottom = TOP + HEIGHT;
  const marks = ticks(
    Math.max(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== null))),
  );
  const most = marks.at(-1) ?? 1;
  const x = (index: number): number =>
    LEFT + (steps.length < 2 ? 0.5 : index / (steps.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => bottom - (value / most) * HEIGHT;

  const axes = [
    ...marks.flatMap((mark) => [
      element("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(mark), y2: y(mark) }),
      text(number(mark), { x: LEFT - 8, y: y(mark) + 4, anchor: "end", of: "quiet" }),
    ]),
    ...steps.map((step, index) => text(step, { x: x(index), y: bottom + 18, anchor: "middle", of: "quiet" })),
    text(stepsAre, { x: (LEFT + WIDTH - RIGHT) / 2, y: bottom + 38, anchor: "middle", of: "quiet" }),
    text(unit, { x: 16, y: TOP - 6, of: "quiet" }),
  ];
  const ends = placed(lines.map(({ values }) => y(values.findLast((value) => value !== null) ?? 0)));
  const drawn = lines.flatMap(({ label, values }, line) => {
    const colour = `c${line % COLOURS}`;
    const points = values.flatMap((value, index) => (value === null ? [] : [{ x: x(index), y: y(value) }]));
    const d = points
      .map((point, index) => `${index === 0 ? "M" : "L"}${point.x.toFixed(1)} ${point.y.toFixed(1)}`)
      .join("");
    const last = points.at(-1);
    const end = ends[line] ?? 0;
    if (last === undefined) return [];
    return [
      element("path", { class: `${colour} line`, d }),
      ...points.map((point) => element("circle", { class: colour, cx: point.x, cy: point.y, r: 3 })),
      element("line", { class: colour, x1: last.x + 5, y1: last.y, x2: WIDTH - RIGHT + 16, y2: end }),
      text(label, { x: WIDTH - RIGHT + 22, y: end + 4 }),
    ];
  });
  return picture({ title, width: WIDTH, height: bottom + 56 }, [...axes, ...drawn]);
}

const APART = 17;

/** The same heights, moved so that no two names touch; each stays in its place among the others. */
export function placed(heights: readonly number[]): number[] {
  const order = heights.map((_, index) => index).toSorted((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  const result = [...heights];
  // From below upwards: the axis is at the bottom, where most lines lie close together.
  let free = Infinity;
  for (const index of order.toReversed()) {
    result[index] = Math.min(result[index] ?? 0, free);
    free = (result[index] ?? 0) - APART;
  }
  return result;
}
