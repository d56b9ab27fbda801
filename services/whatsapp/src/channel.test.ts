import { expect, test } from "vitest";
import { channelOf, phoneNumberIdOf } from "./channel.ts";

test("a channel leads back to our number", () => {
  expect(phoneNumberIdOf(channelOf("106540352242922"))).toBe("106540352242922");
  expect(phoneNumberIdOf("instagram:17")).toBeNull();
});
