import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Media } from "@fio/contracts";
import { hubSignature } from "@fio/service/signature";
import { factOf, type Fact } from "../inbound/reading/facts.ts";
import { split } from "../inbound/reading/split.ts";
import { APP_SECRET, OUR_NUMBER, echo, received, statusOf } from "../testing/meta.ts";
import type { Webhook } from "./provider.ts";
import { providersOf } from "./providers.ts";

/* One suite for every way to WhatsApp. What they post is written from what their documents say of its shape. */

const TOKEN = "a token of a provider that signs nothing";
const TWILIO_TOKEN = "what Twilio signs with";
const AT = Date.parse("2025-11-24T17:00:00Z");

const providers = providersOf({
  appSecrets: [Buffer.from("another secret of ours"), Buffer.from(APP_SECRET)],
  webhookTokens: ["an older token of the provider", TOKEN],
  twilioTokens: ["an older token of the account", TWILIO_TOKEN],
});

type Dialect = {
  name: string;
  channel: string;
  headers: (body: string, url: string) => Record<string, string>;
  url?: string;
  text: string;
  photo: string;
  /** What is known of it. */
  file: Media;
  place: string;
  read: string;
  failed: string;
  /** What our own phone wrote, where that is told. */
  echo?: string;
  /** Something that is about no message. */
  other: string;
};

const bearer = () => ({ authorization: `Bearer ${TOKEN}` });
const photo = (more: object) => ({
  type: "image",
  image: { id: "900", caption: "a peça", mime_type: "image/jpeg", sha256: "kqRM=", ...more },
});
/** What answers to nobody but who has the account's token is no address. */
const atMeta = { url: "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=900" };
const kept: Media = { kind: "image", id: "900", mime_type: "image/jpeg", sha256: "kqRM=" };
const place = { type: "location", location: { latitude: -23.5, longitude: -46.6, name: "Loja" } };
const failure = { errors: [{ code: 131026, title: "Message undeliverable" }] };

const meta = {
  text: JSON.stringify(received("1", { text: "Olá" })),
  photo: JSON.stringify(received("1", { more: photo(atMeta) })),
  file: kept,
  place: JSON.stringify(received("1", { more: place })),
  read: JSON.stringify(statusOf("1", "read")),
  failed: JSON.stringify(statusOf("1", "failed", { more: failure })),
  echo: JSON.stringify(echo("1", { text: "Já vou" })),
  other: JSON.stringify({ entry: [{ changes: [{ field: "account_update", value: { event: "X" } }] }] }),
};

/** What stands inside the one change of a body in Meta's shape, without our number. */
const inside = (body: string): string => {
  const { value } = (JSON.parse(body) as ReturnType<typeof received>).entry[0]!.changes[0]!;
  return JSON.stringify({ ...value, metadata: undefined });
};
const gupshup = (body: string): string => {
  const given = JSON.parse(body) as {
    entry: Array<{ changes: Array<{ value: { statuses?: Array<{ id: string }> } }> }>;
  };
  for (const status of given.entry[0]?.changes[0]?.value.statuses ?? []) {
    Object.assign(status, { meta_msg_id: status.id, gs_id: "gs-1", id: "gs-1" });
  }
  return JSON.stringify({ gs_app_id: "app", ...given });
};

const ANA_JID = "551191234567@s.whatsapp.net";
const evolution = (event: string, data: object): string =>
  JSON.stringify({ event, instance: "loja", data, date_time: "2025-11-24T16:00:00.000Z", apikey: "x" });
const upsert = (message: object, { fromMe = false, messageType = "conversation" } = {}): string =>
  evolution("messages.upsert", {
    key: { remoteJid: ANA_JID, fromMe, id: "1" },
    ...{ pushName: "Ana Souza", messageType, messageTimestamp: 1_764_000_000, message },
  });
const update = (status: string): string =>
  evolution("messages.update", { keyId: "1", remoteJid: ANA_JID, fromMe: true, status });

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
const fromAna = {
  ...{ MessageSid: "SM1", From: "whatsapp:+551191234567", To: "whatsapp:+551140001234" },
  ...{ ProfileName: "Ana Souza", WaId: "551191234567" },
};
const toAna = { MessageSid: "SM1", From: "whatsapp:+551140001234", To: "whatsapp:+551191234567" };

const dialects: Dialect[] = [
  {
    ...{ name: "meta", channel: `whatsapp:${OUR_NUMBER.phone_number_id}`, ...meta },
    headers: (body) => hubSignature({ key: Buffer.from(APP_SECRET), body }),
  },
  { ...{ name: "360dialog", channel: `whatsapp:${OUR_NUMBER.phone_number_id}`, ...meta }, headers: bearer },
  {
    ...{ name: "360dialog", channel: "whatsapp:77", headers: bearer },
    url: "https://fio.example.com/whatsapp/360dialog?number=77",
    text: inside(meta.text),
    photo: inside(meta.photo),
    file: kept,
    place: inside(meta.place),
    read: inside(meta.read),
    failed: inside(meta.failed),
    other: JSON.stringify({ event: "X" }),
  },
  {
    ...{ name: "gupshup", channel: `whatsapp:${OUR_NUMBER.phone_number_id}`, headers: bearer },
    text: gupshup(meta.text),
    photo: gupshup(
      JSON.stringify(received("1", { more: photo({ url: "https://filemanager.example.com/900" }) })),
    ),
    file: { ...kept, url: "https://filemanager.example.com/900" },
    place: gupshup(meta.place),
    read: gupshup(meta.read),
    failed: gupshup(meta.failed),
    other: gupshup(meta.other),
  },
  {
    ...{ name: "evolution", channel: "whatsapp:loja", headers: bearer },
    text: upsert({ conversation: "Olá" }),
    photo: upsert(
      {
        imageMessage: { caption: "a peça", mimetype: "image/jpeg", fileLength: "184213" },
        mediaUrl: "https://files.example.com/900",
      },
      { messageType: "imageMessage" },
    ),
    file: { kind: "image", url: "https://files.example.com/900", mime_type: "image/jpeg", size: 184_213 },
    place: upsert(
      { locationMessage: { degreesLatitude: -23.5, degreesLongitude: -46.6, name: "Loja" } },
      { messageType: "locationMessage" },
    ),
    read: update("READ"),
    failed: update("ERROR"),
    echo: upsert({ conversation: "Já vou" }, { fromMe: true }),
    other: evolution("connection.update", { state: "open" }),
  },
  {
    ...{ name: "twilio", channel: "whatsapp:551140001234" },
    headers: (body, url) => {
      const fields = [...new URLSearchParams(body)].sort(([one], [other]) => (one < other ? -1 : 1));
      const signed = `${url}${fields.flat().join("")}`;
      return { "x-twilio-signature": createHmac("sha1", TWILIO_TOKEN).update(signed).digest("base64") };
    },
    text: form({ ...fromAna, Body: "Olá" }),
    photo: form({
      ...{ ...fromAna, Body: "a peça", NumMedia: "1" },
      ...{ MediaUrl0: "https://api.twilio.com/900", MediaContentType0: "image/jpeg" },
    }),
    file: { kind: "image", url: "https://api.twilio.com/900", mime_type: "image/jpeg" },
    place: form({ ...fromAna, Body: "", Latitude: "-23.5", Longitude: "-46.6", Label: "Loja" }),
    read: form({ ...toAna, MessageStatus: "read" }),
    failed: form({ ...toAna, MessageStatus: "undelivered", ErrorCode: "131026" }),
    other: form({ ...toAna, MessageStatus: "queued" }),
  },
];

test("every provider keeps to it", () => {
  expect(new Set(dialects.map(({ name }) => name))).toEqual(new Set(providers.map(({ name }) => name)));
});

describe.each(dialects)("$name, $channel", (dialect) => {
  const provider = providers.find(({ name }) => name === dialect.name)!;
  const url = dialect.url ?? `https://fio.example.com/whatsapp/${dialect.name}`;
  const posted = (body: string, headers = dialect.headers(body, url)): Webhook => ({
    headers,
    body: Buffer.from(body),
    url,
  });
  const facts = (body: string): Fact[] => split(provider.read(posted(body)) ?? [], AT).map(factOf);
  const person = { channel: dialect.channel };

  test("what it signs is believed, and nothing else", () => {
    for (const body of [dialect.text, dialect.read, dialect.other]) {
      expect(provider.refusal(posted(body))).toBeNull();
      expect(provider.refusal(posted(body, {}))).not.toBeNull();
    }
    const wrong = Object.entries(dialect.headers(dialect.text, url)).map(([name, value]) => [
      name,
      `x${value}`,
    ]);
    expect(
      provider.refusal(posted(dialect.text, Object.fromEntries(wrong) as Record<string, string>)),
    ).not.toBeNull();
  });

  test("a customer's text", () => {
    expect(facts(dialect.text)).toMatchObject([
      {
        kind: "message",
        person: { ...person, name: "Ana Souza" },
        message: { direction: "RECEIVED", content: "Olá" },
      },
    ]);
  });

  test("the same text twice has the same id, by any way in", () => {
    expect(facts(dialect.text)).toEqual(facts(dialect.text));
  });

  test("a photo with words, and what is known of it", () => {
    const [fact] = facts(dialect.photo);
    expect(fact).toMatchObject({ kind: "message", person, message: { content: "Foto\na peça" } });
    expect(fact?.kind === "message" && fact.message.media).toEqual(dialect.file);
  });

  test("what is about no file says so by leaving it out", () => {
    const [fact] = facts(dialect.text);
    expect(fact?.kind === "message" && fact.message).not.toHaveProperty("media");
  });

  test("a place", () => {
    expect(facts(dialect.place)).toMatchObject([
      { message: { content: "Localização: Loja\nhttps://maps.google.com/?q=-23.5,-46.6" } },
    ]);
  });

  test("that it was read, and that it failed", () => {
    expect(facts(dialect.read)).toMatchObject([{ kind: "status", person, status: { status: "READ" } }]);
    expect(facts(dialect.failed)).toMatchObject([{ kind: "status", person, status: { status: "FAILED" } }]);
  });

  // Not every provider tells it.
  if (dialect.echo !== undefined) {
    test("what our own phone wrote", () => {
      expect(facts(dialect.echo ?? "")).toMatchObject([
        { kind: "message", person, message: { direction: "SENT", content: "Já vou" } },
      ]);
    });
  }

  test("what is about no message is kept as it came", () => {
    expect(facts(dialect.other)).toMatchObject([{ kind: "unread" }]);
  });

  test("what cannot be read at all is said to be so", () => {
    expect(provider.read(posted("no body of theirs"))).toBeNull();
  });
});

test("Brazilian people are one person by every provider, with the ninth digit and without", () => {
  const ids = dialects
    .filter(({ name }) => name === "evolution" || name === "twilio")
    .map(({ name, text }) => {
      const provider = providers.find((one) => one.name === name)!;
      const webhook = { headers: {}, body: Buffer.from(text), url: "https://fio.example.com" };
      const [fact] = split(provider.read(webhook) ?? [], AT).map(factOf);
      return fact?.kind === "message" ? fact.person.id : null;
    });
  expect(ids).toEqual(["5511991234567", "5511991234567"]);
});
