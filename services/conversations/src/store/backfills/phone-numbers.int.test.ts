import { afterAll, beforeAll, expect, test } from "vitest";
import { forEachDatabase } from "../../../../../test/support/databases.ts";
import type { Store } from "../connect.ts";
import { searchMessages } from "../queries/search.ts";
import { apply, migratedStore, storyOf } from "../testing/fixture.ts";
import { phoneNumbers } from "./phone-numbers.ts";

forEachDatabase(({ create }) => {
  let store: Store;
  let remove: () => Promise<void>;
  beforeAll(async () => ({ store, remove } = await migratedStore(create)));
  afterAll(() => remove());

  const search = async (q: string): Promise<Array<string | undefined>> => {
    const asked = { q, limit: 10, now: Date.now() };
    const { items } = await searchMessages(store, asked);
    return items.map(({ message }) => message?.content);
  };

  test("messages of the version before are found by their phone numbers, the others stay as they are", async () => {
    const story = storyOf();
    const texts = ["sem número", "ligue +55 (11) 91234-5678", "ou 11 98765-4321", "código 123"];
    const messages = texts.map((content, index) => story.message(index + 2, { content }));
    await apply(store, story.created(1), ...messages);
    const words = async (): Promise<Array<{ id: string; words: string }>> =>
      store.read("messages").select("id", "words").orderBy("receipt");
    const written = await words();
    // As a worker of the version before left them: without the words of numbers.
    const numbers =
      /^(?:5511912345678|11912345678|1912345678|912345678|12345678|11987654321|1987654321|987654321|87654321)$/;
    for (const { id, words: all } of written) {
      const before = all.split(" ").filter((word) => !numbers.test(word));
      await store
        .write("messages")
        .where({ id })
        .update({ words: before.join(" ") });
    }
    expect(await search("912345678")).toEqual([]);

    let after: string | null = null;
    do {
      const from: string | null = after;
      ({ next: after } = await store.write.transaction((knex) =>
        phoneNumbers.step({ dialect: store.dialect, knex }, { after: from, limit: 3 }),
      ));
    } while (after !== null);
    expect(await search("912345678")).toEqual(["ligue +55 (11) 91234-5678"]);
    expect(await search("11987654321")).toEqual(["ou 11 98765-4321"]);
    expect(await words()).toEqual(written);
  });
});
