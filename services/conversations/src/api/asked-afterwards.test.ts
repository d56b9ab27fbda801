import { expect, test } from "vitest";
import { askedAfterwards } from "./asked-afterwards.ts";

/** Questions that are answered by hand, with the number of the question. */
function questions() {
  const open: Array<{ answer: () => void; fail: () => void }> = [];
  const ask = askedAfterwards(
    () =>
      new Promise<number>((resolve, reject) => {
        const number = open.length;
        open.push({ answer: () => resolve(number), fail: () => reject(new Error("no answer")) });
      }),
  );
  return { open, ask };
}

test("whoever asks while a question is under way gets the answer to the next one, all of them the same", async () => {
  const { open, ask } = questions();
  const first = ask();
  const [second, third] = [ask(), ask()];
  expect(open).toHaveLength(1);
  open[0]!.answer();
  expect(await first).toBe(0);
  await Promise.resolve();
  expect(open).toHaveLength(2);
  const fourth = ask();
  open[1]!.answer();
  expect(await Promise.all([second, third])).toEqual([1, 1]);
  await new Promise(setImmediate);
  open[2]!.answer();
  expect(await fourth).toBe(2);
});

test("a question that fails does not fail the next one", async () => {
  const { open, ask } = questions();
  const first = ask();
  const second = ask();
  open[0]!.fail();
  await expect(first).rejects.toThrow("no answer");
  await new Promise(setImmediate);
  open[1]!.answer();
  expect(await second).toBe(1);
});
