import { COLOURS, element, picture, text, ticks } from "./svg.ts";
import { number } from "./numbers.ts";

/** One line of a bar chart: parts stand one after another; the range is drawn over the end of the last. */
export type Bar = {
  label: string;
  /** Beneath the label. */
  note?: string;
  parts: Array<{ of: string; value: number }>;
  range?: { min: number; max: number };
};

const [WIDTH, LEFT, RIGHT, TOP, ROW] = [900, 290, 80, 44, 34];

/** Bars from the left, one below another; a legend where they have more than one kind of part. */
export function barChart({
  title,
  unit,
  bars,
}: {
  title: string;
  unit: string;
  bars: readonly Bar[];
}): string {
  const kinds = [...new Set(bars.flatMap(({ parts }) => parts.map(({ of }) => of)))];
  const legend = kinds.length > 1 ? 24 : 0;
  const top = TOP + legend;
  const bottom = top + bars.length * ROW;
  const sums = bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0));
  const marks = ticks(Math.max(...sums, ...bars.map(({ range }) => range?.max ?? 0)));
  const most = marks.at(-1) ?? 1;
  const x = (value: number): number => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);

  const axis = marks.flatMap((mark) => [
    element("line", { class: "grid", x1: x(mark), x2: x(mark), y1: top, y2: bottom }),
    text(number(mark), { x: x(mark), y: bottom + 16, anchor: "middle", of: "quiet" }),
  ]);
  const rows = bars.flatMap(({ label, note, parts, range }, index) => {
    const y = top + index * ROW;
    const middle = y + ROW / 2;
    let from = 0;
    const drawn = parts.map(({ of, value }) => {
      const begin = from;
      from += value;
      const colour = kinds.indexOf(of) % COLOURS;
      return element("rect", {
        class: `bar c${colour}`,
        x: x(begin),
        y: y + 7,
        width: x(from) - x(begin),
        height: ROW - 14,
      });
    });
    return [
      text(label, { x: LEFT - 10, y: note === undefined ? middle + 4 : middle - 2, anchor: "end" }),
      ...(note === undefined
        ? []
        : [text(note, { x: LEFT - 10, y: middle + 12, anchor: "end", of: "quiet" })]),
      ...drawn,
      ...(range === undefined ? [] : [whisker(x(range.min), x(range.max), middle)]),
      text(number(from), { x: Math.max(x(from), x(range?.max ?? 0)) + 6, y: middle + 4 }),
    ];
  });
  return picture({ title, width: WIDTH, height: bottom + 44 }, [
    ...(legend > 0 ? legendOf(kinds) : []),
    ...axis,
    ...rows,
    text(unit, { x: (LEFT + WIDTH - RIGHT) / 2, y: bottom + 34, anchor: "middle", of: "quiet" }),
  ]);
}

function whisker(from: number, to: number, y: number): string {
  const d = `M${from.toFixed(1)} ${y - 4}v8M${from.toFixed(1)} ${y}H${to.toFixed(1)}M${to.toFixed(1)} ${y - 4}v8`;
  return element("path", { class: "range", d });
}

function legendOf(kinds: readonly string[]): string[] {
  return kinds.flatMap((kind, index) => [
    element("rect", {
      class: `bar c${index % COLOURS}`,
      x: LEFT + index * 110,
      y: TOP - 4,
      width: 12,
      height: 12,
    }),
    text(kind, { x: LEFT + index * 110 + 18, y: TOP + 7 }),
  ]);
}
