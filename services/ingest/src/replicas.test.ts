import { expect, test } from "vitest";
import type { Redis } from "ioredis";
import { createAcknowledged } from "./replicas.ts";

/* What Redis of each version answers; `replicas.int.test.ts` asks the one that is installed. */

/** A connection that gives these answers in turn, and notes what it was asked. */
function connection(...answers: unknown[]) {
  const asked: unknown[][] = [];
  let onReady = (): void => {};
  const answer = (...command: unknown[]): Promise<unknown> => {
    asked.push(command);
    const next = answers.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const redis = {
    call: answer,
    wait: (...args: unknown[]) => answer("WAIT", ...args),
    on: (_event: string, listener: () => void) => (onReady = listener),
  } as unknown as Redis;
  return { redis, asked, reconnect: () => onReady() };
}
const UNKNOWN = new Error("ERR unknown command 'WAITAOF', with args beginning with: '1' '1' '1000' ");

test("nobody is asked when no replica is to have it", async () => {
  const { redis, asked } = connection();
  await createAcknowledged({ redis, replicas: 0 })();
  expect(asked).toEqual([]);
});

/** Time passes with every answer of a disk. */
const clock = () => {
  let ms = 0;
  return () => (ms += 100);
};

test("Redis from 7.2 on is asked for the memory of the replicas, then for their disks and its own", async () => {
  const { redis, asked } = connection(2, [1, 2]);
  await createAcknowledged({ redis, replicas: 2 })();
  expect(asked).toEqual([
    ["WAIT", 2, 600],
    ["WAITAOF", 1, 2, 250],
  ]);
});

test("a disk that has not got there yet is asked again", async () => {
  const { redis, asked } = connection(2, [0, 1], [1, 1], [1, 2]);
  await createAcknowledged({ redis, replicas: 2, now: clock() })();
  expect(asked.map(([command]) => command)).toEqual(["WAIT", "WAITAOF", "WAITAOF", "WAITAOF"]);
});

test("fewer replicas than asked for, or Redis' own disk in arrears, is a failure in the end", async () => {
  const failure = async (first: number, answer: [number, number]): Promise<unknown> => {
    const { redis } = connection(first, ...Array.from({ length: 20 }, () => answer));
    return createAcknowledged({ redis, replicas: 2, now: clock() })().catch(
      (error: unknown) => (error as Error).message,
    );
  };
  expect(await failure(2, [1, 1])).toContain("1 of 2 replicas confirmed the events on disk");
  expect(await failure(2, [0, 2])).toContain("own disk");
  expect(await failure(1, [1, 2])).toContain("1 of 2 replicas have the events");
});

test("an earlier Redis is asked for the memory of its replicas, until another one comes", async () => {
  const { redis, asked, reconnect } = connection(1, UNKNOWN, 1, 0, 1, [1, 1]);
  const acknowledged = createAcknowledged({ redis, replicas: 1 });
  await acknowledged();
  await acknowledged();
  await expect(acknowledged()).rejects.toThrow("0 of 1 replicas");
  reconnect();
  await acknowledged();
  expect(asked.map(([command]) => command)).toEqual(["WAIT", "WAITAOF", "WAIT", "WAIT", "WAIT", "WAITAOF"]);
});

test("what forbids the question is a failure, not an answer", async () => {
  const { redis } = connection(
    1,
    new Error("NOPERM this user has no permissions to run the 'waitaof' command"),
  );
  await expect(createAcknowledged({ redis, replicas: 1 })()).rejects.toThrow("NOPERM");
});
