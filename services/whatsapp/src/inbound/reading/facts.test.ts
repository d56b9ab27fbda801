import { describe, expect, test } from "vitest";
import { callbackDataOf } from "../../callback-data.ts";
import { changesOf } from "../../providers/meta.ts";
import { ANA, CHANNEL, OUR_NUMBER, echo, received, statusOf, webhook } from "../../testing/meta.ts";
import { factOf, type Fact } from "./facts.ts";
import { messageIdOf } from "./ids.ts";
import { split } from "./split.ts";

const AT = Date.parse("2025-11-24T16:00:00Z");
const facts = (body: object): Fact[] => split(changesOf(body as Record<string, unknown>), AT).map(factOf);
const fact = (body: object): Fact => facts(body)[0] as Fact;
const messageId = "49108c71-4dca-4af3-9f32-61bc745926e2";
const conversationId = "6a41b347-8d80-4ce9-84ba-7af66f369f6a";

describe("who it is about", () => {
  test.each<[string, object, object]>([
    ["a number", ANA, { id: "5511912345678", also: null, phone: "+55 11 91234-5678", name: "Ana Souza" }],
    ["the same one without its ninth digit", { ...ANA, phone: "551112345678" }, { id: "551112345678" }],
    ["a mobile number without its ninth digit", { ...ANA, phone: "551191234567" }, { id: "5511991234567" }],
    [
      "a number of elsewhere",
      { phone: "16505551234" },
      { id: "16505551234", phone: "+16505551234", name: null },
    ],
    ["an id of the business alone", { userId: "BR.1349", name: "Caio" }, { id: "BR.1349", phone: null }],
    ["both", { ...ANA, userId: "BR.1349" }, { id: "5511912345678", also: "BR.1349" }],
  ])("%s", (_what, from, person) => {
    expect(fact(received("1", { from }))).toMatchObject({
      kind: "message",
      person: { channel: CHANNEL, ...person },
    });
  });

  test("a webhook about several people gives each their own name", () => {
    const said = (from: string, id: string) => ({ from, id, timestamp: "1764000000", type: "revoke" });
    const both = facts(
      webhook({
        contacts: [
          { wa_id: "5511988880001", profile: { name: "Um" } },
          { wa_id: "5511988880002", profile: { name: "Dois" } },
        ],
        messages: [said("5511988880002", "b"), said("5511988880001", "a")],
      }),
    );
    expect(both).toMatchObject([{ person: { name: "Dois" } }, { person: { name: "Um" } }]);
  });

  test("nobody: it is kept as it came", () => {
    expect(fact(received("1", { from: {} }))).toMatchObject({ kind: "unread" });
  });
});

describe("when it happened", () => {
  test.each<[string, unknown, string]>([
    ["seconds as text", "1764000000", "2025-11-24T16:00:00.000000Z"],
    ["seconds as a number", 1764000000, "2025-11-24T16:00:00.000000Z"],
    ["milliseconds", 1764000000123, "2025-11-24T16:00:00.123000Z"],
    ["nothing: when it was accepted", undefined, "2025-11-24T16:00:00.000000Z"],
    ["nonsense: when it was accepted", "ontem", "2025-11-24T16:00:00.000000Z"],
    ["a far future: when it was accepted", "99999999999", "2025-11-24T16:00:00.000000Z"],
  ])("%s", (_what, timestamp, wanted) => {
    const body = webhook({ messages: [{ from: ANA.phone, id: "1", timestamp, type: "revoke" }] });
    expect(fact(body)).toMatchObject({ message: { timestamp: wanted } });
  });
});

describe("what became of what was sent", () => {
  test.each<[string, string, object, object]>([
    ["sent", "sent", {}, { status: "SENT", detail: null }],
    ["delivered", "delivered", {}, { status: "DELIVERED" }],
    ["read", "read", {}, { status: "READ" }],
    ["a voice message that was played", "played", {}, { status: "READ" }],
    [
      "failed, by its number first",
      "failed",
      { errors: [{ code: 131047, title: "Re-engagement message" }] },
      { status: "FAILED", detail: "131047: Re-engagement message" },
    ],
    ["failed without a reason", "failed", {}, { status: "FAILED", detail: null }],
  ])("%s", (_what, status, more, wanted) => {
    expect(fact(statusOf("1", status, { more }))).toMatchObject({ kind: "status", status: wanted });
  });

  test("what Fio sent comes back with its own id, what the phone sent has that of its echo", () => {
    const data = callbackDataOf({ messageId, conversationId });
    expect(fact(statusOf("1", "read", { more: { biz_opaque_callback_data: data } }))).toMatchObject({
      status: { sent: { messageId, conversationId }, ours: true },
    });
    const echoed = fact(echo("1"));
    expect(echoed).toMatchObject({ kind: "message", message: { direction: "SENT", content: "Bom dia!" } });
    expect(fact(statusOf("1", "read"))).toMatchObject({
      status: { sent: { messageId: messageIdOf(CHANNEL, "wamid.1"), conversationId: null }, ours: false },
    });
  });

  test("a status of a new kind is kept as it came", () => {
    expect(fact(statusOf("1", "warning"))).toMatchObject({ kind: "unread", why: "status warning" });
  });
});

describe("ids that change", () => {
  const system = (more: object, from: object = { from: "5511912345678" }) =>
    fact(
      webhook({ messages: [{ ...from, id: "1", timestamp: "1764000000", type: "system", system: more }] }),
    );

  test.each<[string, Fact, object]>([
    [
      "a number, with the one it becomes",
      system({ type: "user_changed_number", wa_id: "5511977776666", user_id: "BR.2" }),
      { person: { id: "5511977776666", also: "BR.2" }, formerly: "5511912345678" },
    ],
    [
      "a number, as older versions tell it",
      system({ type: "user_changed_number", new_wa_id: "551197776666" }),
      { person: { id: "5511997776666" }, formerly: "5511912345678" },
    ],
    [
      "an id of the business",
      system({ type: "user_changed_user_id", user_id: "BR.2" }, { from_user_id: "BR.1" }),
      { person: { id: "BR.2" }, formerly: "BR.1" },
    ],
    [
      "an id of the business that comes by itself",
      fact(
        webhook(
          { user_id_update: [{ wa_id: "5511912345678", user_id: { previous: "BR.1", current: "BR.2" } }] },
          "user_id_update",
        ),
      ),
      { person: { id: "5511912345678", also: "BR.2" }, formerly: "BR.1" },
    ],
  ])("%s", (_what, given, wanted) => {
    expect(given).toMatchObject({ kind: "contact", ...wanted });
  });

  test("what else systems say is a message", () => {
    expect(system({ type: "customer_identity_changed", body: "Novo aparelho" })).toMatchObject({
      kind: "message",
      message: { content: "Aviso do WhatsApp: Novo aparelho" },
    });
  });
});

describe("what the phone's own app had before", () => {
  const thread = (id: string, messages: object[]) => ({ id, messages });
  const said = (id: string, from: string, at: number) => ({
    ...{ id, from, timestamp: at, type: "text", text: { body: id } },
    history_context: { status: "READ" },
  });
  const history = webhook(
    {
      history: [
        {
          metadata: { phase: 0, chunk_order: 1, progress: 55 },
          threads: [
            thread("551191234567", [
              said("b", OUR_NUMBER.display_phone_number, 20),
              said("a", "551191234567", 10),
            ]),
            thread("16505551234", [said("c", OUR_NUMBER.display_phone_number, 30)]),
          ],
        },
      ],
    },
    "history",
  );

  test("each thread is a conversation of its own, in order, by whoever wrote", () => {
    expect(facts(history)).toMatchObject([
      {
        kind: "history",
        person: { id: "5511991234567" },
        messages: [
          { content: "a", direction: "RECEIVED" },
          { content: "b", direction: "SENT" },
        ],
      },
      { kind: "history", person: { id: "16505551234" }, messages: [{ content: "c", direction: "SENT" }] },
    ]);
  });

  test("a file that comes by itself is no second message under the id of the line that stands for it", () => {
    const file = { from: "551191234567", id: "a", timestamp: "10", type: "image", image: { id: "9" } };
    const [given] = facts(webhook({ messages: [file] }, "history"));
    const [before] = facts(history);
    expect(given).toMatchObject({ kind: "history", person: { id: "5511991234567" } });
    const ids = [given, before].flatMap((one) =>
      one?.kind === "history" ? one.messages.map(({ id }) => id) : [],
    );
    expect(new Set(ids).size).toBe(3);
  });

  test("that it is not shared is kept as it came", () => {
    expect(fact(webhook({ history: [{ errors: [{ code: 2593109 }] }] }, "history"))).toMatchObject({
      kind: "unread",
    });
  });

  test("its address book names people; a name that is taken out leaves them theirs", () => {
    const line = (action: string, contact: object) =>
      fact(
        webhook(
          { state_sync: [{ type: "contact", action, contact, metadata: { timestamp: "1764000000" } }] },
          "smb_app_state_sync",
        ),
      );
    expect(line("add", { full_name: "Ana (obra)", phone_number: "551191234567" })).toMatchObject({
      kind: "contact",
      person: { id: "5511991234567", name: "Ana (obra)" },
      formerly: null,
    });
    expect(line("remove", { phone_number: "551191234567" })).toMatchObject({ kind: "unread" });
  });
});

test.each<[string, object]>([
  ["a change of an account", webhook({ event: "ACCOUNT_RESTRICTION" }, "account_update")],
  ["errors of the whole number", webhook({ errors: [{ code: 131000 }] })],
  ["a change without a value", { entry: [{ changes: [{ field: "flows" }] }] }],
])("%s is kept as it came", (_what, body) => {
  expect(facts(body)).toMatchObject([{ kind: "unread" }]);
});

test("a webhook of many entries, changes and items leaves none out", () => {
  const one = received("1").entry[0];
  const two = {
    ...received("2").entry[0],
    changes: [...received("2").entry[0]!.changes, ...echo("3").entry[0]!.changes],
  };
  expect(facts({ object: "whatsapp_business_account", entry: [one, two] })).toHaveLength(3);
});
