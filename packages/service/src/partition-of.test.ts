import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { partitionOf } from "./partition-of.ts";

/** As version 4 and as version 7, which begins with the time. */
const random = (index: number): string => {
  const text = createHash("sha256").update(String(index)).digest("hex");
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    `4${text.slice(13, 16)}`,
    text.slice(16, 20),
    text.slice(20, 32),
  ].join("-");
};
const byTime = (index: number): string =>
  `${(0x0195_0000_0000 + index).toString(16).padStart(12, "0")}-7000-8000-000000000000`.replace(
    /^(.{8})/,
    "$1-",
  );

test.each([
  ["random ids", random],
  ["ids that differ by a millisecond", byTime],
])("%s are spread evenly", (_what, idOf) => {
  const ids = Array.from({ length: 16_000 }, (_, index) => idOf(index));
  for (const partitions of [2, 3, 4, 5, 8, 16]) {
    const counts = [...Map.groupBy(ids, (id) => partitionOf(id, partitions)).values()].map(
      (one) => one.length,
    );
    expect(counts).toHaveLength(partitions);
    expect(Math.min(...counts)).toBeGreaterThan((ids.length / partitions) * 0.85);
    expect(Math.max(...counts)).toBeLessThan((ids.length / partitions) * 1.15);
  }
});

test("an id is in the same partition for ever", () => {
  const ids = ["6a41b347-8d80-4ce9-84ba-7af66f369f6a", "49108c71-4dca-4af3-9f32-61bc745926e2"];
  expect(ids.map((id) => [1, 2, 3, 32].map((partitions) => partitionOf(id, partitions))))
    .toMatchInlineSnapshot(`
    [
      [
        0,
        1,
        1,
        13,
      ],
      [
        0,
        1,
        2,
        23,
      ],
    ]
  `);
});
