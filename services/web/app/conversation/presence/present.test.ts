import { expect, test } from "vitest";
import { othersOf, shownOf, stillThere } from "./present.ts";

const agent = (name: string, writing = false, lasts_ms = 25_000) => ({ id: name, name, writing, lasts_ms });
const shown = (...agents: ReturnType<typeof agent>[]) => shownOf(othersOf(agents, { own: "Ana", now: 0 }));

test("who writes is named before who looks, and never oneself", () => {
  expect(shown(agent("Ana", true))).toBeNull();
  expect(shown(agent("Ana"), agent("Bia"))).toEqual({ names: ["Bia"], more: 0, writing: false });
  expect(shown(agent("Bia"), agent("Caio", true))).toEqual({ names: ["Caio"], more: 0, writing: true });
  expect(shown(agent("Bia"), agent("Caio"), agent("Duda"))).toEqual({
    names: ["Bia", "Caio"],
    more: 1,
    writing: false,
  });
});

test("whose time is over is gone, though nobody said so", () => {
  const present = othersOf([agent("Bia", true, 3_000), agent("Caio")], { own: "Ana", now: 1_000 });
  expect(stillThere(present, 3_999)).toHaveLength(2);
  expect(stillThere(present, 4_000).map(({ name }) => name)).toEqual(["Caio"]);
});
