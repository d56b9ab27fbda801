import { afterAll, beforeAll, expect, test } from "vitest";
import { handleNumberOf, handleOf } from "@fio/contracts";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { findByName } from "../queries/find-by-name.ts";
import { apply, migratedStore, storyOf } from "../testing/fixture.ts";
import { handles } from "./handles.ts";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const walk = async (limit: number): Promise<number> => {
    let seen = 0;
    for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
      const { next, rows } = await store.write.transaction((knex) =>
        handles.step({ dialect: store.dialect, knex }, { after, limit }),
      );
      seen += rows;
      after = next;
    }
    return seen;
  };
  const rows = (): Promise<Array<{ id: string; handle: number | null; version: number }>> =>
    store.read("conversations").select("id", "handle", "version").orderBy("id");

  test("conversations of the version before are found by their names after it, and nothing else of them changes", async () => {
    const stories = Array.from({ length: 7 }, () => storyOf());
    await apply(store, ...stories.map((story) => story.created(1)));
    const written = await rows();
    expect(written.map(({ id, handle }) => [id, handle])).toEqual(
      written.map(({ id }) => [id, handleNumberOf(id)]),
    );
    const [old] = stories;
    await store.write("conversations").update({ handle: null }).whereNot({ id: stories[1]?.id });
    const { name, tail } = handleOf(old?.id ?? "");
    const found = async (): Promise<string[]> => {
      const { items } = await findByName(store, { q: `${name} ${tail}`, limit: 5 });
      return items.map(({ conversation_id }) => conversation_id);
    };
    expect(await found()).toEqual([]);
    // By a beginning of its id it is found all the same.
    expect((await findByName(store, { q: old?.id.slice(0, 13) ?? "", limit: 5 })).items).toHaveLength(1);

    expect(await walk(3)).toBe(7);
    expect(await rows()).toEqual(written);
    expect(await found()).toEqual([old?.id]);
    await walk(100);
    expect(await rows()).toEqual(written);
  });
});
