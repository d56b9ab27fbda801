import { needsNewConnection } from "./faults.ts";

type Done = (error: Error | null, result: unknown) => void;
type Query = (statement: unknown, done: Done) => unknown;

/**
 * A pool's connections of which one has met a fault that it would meet again for ever. The pool asks before it gives
 * one out, and makes a new one in the place of one that is not good.
 */
export function createRenewal(): {
  /** Hears of the faults of a new connection of pg. */
  watch: (connection: { query: (...given: never[]) => unknown }) => void;
  isGood: (connection: object) => boolean;
} {
  const outdated = new WeakSet<object>();
  return {
    watch: (connection) => {
      const query = connection.query.bind(connection) as Query;
      const watched: Query = (statement, done) =>
        query(statement, (error, result) => {
          if (needsNewConnection(error)) outdated.add(connection);
          done(error, result);
        });
      connection.query = watched;
    },
    isGood: (connection) => !outdated.has(connection),
  };
}
