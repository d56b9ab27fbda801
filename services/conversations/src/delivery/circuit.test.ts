import { expect, test } from "vitest";
import { createCircuit } from "./circuit.ts";

const at = (start = 0) => {
  let time = start;
  const circuit = createCircuit({ now: () => time, random: () => 1 });
  return { circuit, pass: (ms: number) => (time += ms) };
};

test("after five failures in a row nothing is sent for a second, and then one alone", () => {
  const { circuit, pass } = at();
  for (let one = 0; one < 5; one += 1) {
    expect(circuit.enter()).toBe(true);
    circuit.failed(null);
  }
  expect(circuit.state()).toBe("open");
  expect(circuit.enter()).toBe(false);
  pass(1_000);
  expect(circuit.enter()).toBe(true);
  expect(circuit.state()).toBe("probing");
  expect(circuit.enter()).toBe(false);
});

test("a probe that fails opens it for twice as long, at most for a minute", () => {
  const { circuit, pass } = at();
  for (let one = 0; one < 5; one += 1) circuit.failed(null);
  for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    pass(pause - 1);
    expect(circuit.enter()).toBe(false);
    pass(1);
    expect(circuit.enter()).toBe(true);
    circuit.failed(null);
  }
});

test("a probe that succeeds closes it, and the count begins anew", () => {
  const { circuit, pass } = at();
  for (let one = 0; one < 5; one += 1) circuit.failed(null);
  pass(1_000);
  circuit.enter();
  circuit.succeeded();
  for (let one = 0; one < 4; one += 1) circuit.failed(null);
  expect(circuit.state()).toBe("closed");
});

test("what fails beside the probe says nothing, and a success between failures counts", () => {
  const { circuit } = at();
  for (let one = 0; one < 4; one += 1) circuit.failed(null);
  circuit.succeeded();
  for (let one = 0; one < 5; one += 1) circuit.failed(null);
  circuit.failed(60_000);
  expect(circuit.state()).toBe("open");
});

test("it stays open for as long as the receiver asks", () => {
  const { circuit, pass } = at();
  for (let one = 0; one < 5; one += 1) circuit.failed(30_000);
  pass(29_999);
  expect(circuit.enter()).toBe(false);
  pass(1);
  expect(circuit.enter()).toBe(true);
});

test("a probe that was not made leaves room for the next", () => {
  const { circuit, pass } = at();
  for (let one = 0; one < 5; one += 1) circuit.failed(null);
  pass(1_000);
  circuit.enter();
  circuit.left();
  expect(circuit.enter()).toBe(true);
});
