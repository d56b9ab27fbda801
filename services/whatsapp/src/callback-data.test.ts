import { expect, test } from "vitest";
import { callbackDataOf, readCallbackData } from "./callback-data.ts";

const messageId = "49108c71-4dca-4af3-9f32-61bc745926e2";
const conversationId = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

test("what went out with a message is read back from its statuses", () => {
  for (const sent of [
    { messageId, conversationId },
    { messageId, conversationId: null },
  ]) {
    expect(readCallbackData(callbackDataOf(sent))).toEqual(sent);
  }
});

test("what another system put there is none of ours", () => {
  for (const text of ["order-17", "", `${messageId} `, `${messageId} 17`, undefined, 17, null]) {
    expect(readCallbackData(text)).toBeNull();
  }
});
