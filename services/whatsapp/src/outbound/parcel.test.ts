import { expect, test } from "vitest";
import { readParcel, type Read } from "./parcel.ts";

const NUMBER = "106540352242922";
const ID = "49108c71-4dca-4af3-9f32-61bc745926e2";
const CONVERSATION = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

const read = ({
  type = "message.send",
  content = "Oi",
  contact = { channel: `whatsapp:${NUMBER}`, id: "5511912345678", name: "Ana", phone: null },
  id = ID,
}: { type?: string; content?: string; contact?: object | null; id?: string } = {}): Read => {
  const message = {
    id: ID,
    content,
    timestamp: "2026-11-29T10:00:00.123456Z",
    author: { id: "m", name: "M" },
  };
  const body = {
    type,
    timestamp: "2026-11-29T10:00:01.000000Z",
    data: { message, conversation: { id: CONVERSATION }, contact },
  };
  return readParcel(Buffer.from(JSON.stringify(body)), { id, numbers: [NUMBER] });
};
const customer = (id: string, phone: string | null = null): object => ({
  ...{ channel: `whatsapp:${NUMBER}`, id, name: null, phone },
});

test("a message is addressed by the number where one is known, else by the id that only the business knows", () => {
  const addressed = (contact: object) => {
    const { parcel } = read({ contact }) as Extract<Read, { kind: "parcel" }>;
    return parcel.to;
  };
  expect(addressed(customer("5511912345678"))).toEqual({ to: "5511912345678" });
  expect(addressed(customer("BR.1349120865530274", "+55 11 91234-5678"))).toEqual({ to: "5511912345678" });
  expect(addressed(customer("BR.1349120865530274"))).toEqual({ recipient: "BR.1349120865530274" });
});

test("it keeps its words and the instant at which it was written", () => {
  expect(read({ content: "  Olá\n😀 " })).toEqual({
    kind: "parcel",
    number: NUMBER,
    parcel: {
      id: ID,
      conversation: CONVERSATION,
      text: "  Olá\n😀 ",
      writtenAt: Date.parse("2026-11-29T10:00:00.123Z"),
      to: { to: "5511912345678" },
    },
  });
});

test.each<[string, Parameters<typeof read>[0], number, string]>([
  ["another type", { type: "message.sent" }, 400, "UNKNOWN_TYPE"],
  ["another id than its header's", { id: CONVERSATION }, 400, "INVALID_DELIVERY"],
  ["no words", { content: "" }, 400, "INVALID_DELIVERY"],
  ["nobody to send to", { contact: null }, 422, "NO_CONTACT"],
  [
    "a number that is not ours",
    { contact: { ...customer("1"), channel: "whatsapp:7" } },
    422,
    "UNKNOWN_NUMBER",
  ],
  ["another channel", { contact: { ...customer("1"), channel: "telegram:7" } }, 422, "UNKNOWN_NUMBER"],
  ["a group", { contact: customer("group:1") }, 422, "UNKNOWN_RECIPIENT"],
  ["more than WhatsApp takes", { content: "a".repeat(4_097) }, 422, "TEXT_TOO_LONG"],
])("what has %s is refused for good, and that is said", (_name, given, status, code) => {
  expect(read(given)).toMatchObject({ kind: "refused", status, code });
});

test("what is no JSON is refused", () => {
  expect(readParcel(Buffer.from("{"), { id: ID, numbers: [] })).toMatchObject({ code: "INVALID_DELIVERY" });
});
