import { expect, test } from "vitest";
import { barChart } from "./bars.ts";
import { lineChart, placed } from "./lines.ts";
import { ticks } from "./svg.ts";

/** Well formed: every element that is opened is closed, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, , self] of svg.matchAll(/<(\/?)([a-z]+)((?:\s[^<>"]*"[^"<]*")*)\s*(\/?)>/g)) {
    if (closing === "/") {
      if (open.pop() !== name) return false;
    } else if (self !== "/") open.push(name ?? "");
  }
  return open.length === 0 && !/&(?!amp;|lt;|gt;|quot;)/.test(svg);
}

test.each([
  [0, [0, 1]],
  [4.2, [0, 1, 2, 3, 4, 5]],
  [17_500, [0, 5_000, 10_000, 15_000, 20_000]],
  [100, [0, 20, 40, 60, 80, 100]],
])("an axis up to %d has round figures", (most, expected) => {
  expect(ticks(most)).toEqual(expected);
});

test("a bar is as long as its figure, its range reaches from the least to the most", () => {
  const svg = barChart({
    title: "Accepted <per second>",
    unit: "events a second",
    bars: [
      {
        label: "one & two",
        note: "in the store",
        parts: [{ of: "all", value: 50 }],
        range: { min: 40, max: 60 },
      },
      { label: "three", parts: [{ of: "all", value: 100 }] },
    ],
  });
  expect(isWellFormed(svg)).toBe(true);
  expect(svg).toContain("Accepted &lt;per second&gt;");
  expect(svg).toContain("one &amp; two");
  const [half, whole] = [...svg.matchAll(/<rect class="bar c0"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  expect((whole ?? 0) / (half ?? 1)).toBeCloseTo(2);
  const [, least, most] = /class="range" d="M([\d.]+) .*H([\d.]+)M/.exec(svg) ?? [];
  expect(Number(most) - Number(least)).toBeCloseTo((half ?? 0) * 0.4, 0);
});

test("parts of a bar stand one after another, and a legend names them", () => {
  const parts = [
    { of: "intake", value: 60 },
    { of: "worker", value: 40 },
  ];
  const svg = barChart({ title: "Costs", unit: "µs", bars: [{ label: "Fio", parts }] });
  const drawn = [
    ...svg.matchAll(/<rect class="bar c(\d)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="20"/g),
  ];
  const [first, second] = drawn.map(([, colour, x, width]) => ({
    colour,
    x: Number(x),
    width: Number(width),
  }));
  expect([first?.colour, second?.colour]).toEqual(["0", "1"]);
  expect(second?.x).toBeCloseTo((first?.x ?? 0) + (first?.width ?? 0), 0);
  expect(svg).toContain(">intake<");
});

test("a line leaves out what was not measured", () => {
  const svg = lineChart({
    title: "By connections",
    unit: "events a second",
    steps: ["1", "16", "64"],
    stepsAre: "connections",
    lines: [
      { label: "Fio", values: [10, null, 40] },
      { label: "nobody", values: [null, null, null] },
    ],
  });
  expect(isWellFormed(svg)).toBe(true);
  expect([...svg.matchAll(/<circle/g)]).toHaveLength(2);
  expect(svg).not.toContain("nobody");
});

test("names at the ends of lines never touch, and keep their order", () => {
  const heights = placed([300, 298, 100, 299]);
  expect(heights[0]).toBe(300);
  expect(heights[2]).toBe(100);
  const close = [heights[0], heights[3], heights[1]] as number[];
  expect(close).toEqual(close.toSorted((a, b) => b - a));
  expect(Math.abs((heights[0] ?? 0) - (heights[3] ?? 0))).toBeGreaterThanOrEqual(17);
  expect(Math.abs((heights[3] ?? 0) - (heights[1] ?? 0))).toBeGreaterThanOrEqual(17);
});
