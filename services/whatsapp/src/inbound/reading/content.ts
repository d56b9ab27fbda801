import { MAX_CONTENT_UNITS } from "@fio/contracts/limits";
import { choice, form } from "./content-of-answers.ts";
import { cards, order, place } from "./content-of-things.ts";
import { objectOf, objectsOf, textOf, type Json } from "../../json.ts";

/*
 * What agents read of a message, in their words. The content of an event is text: of a file it names the kind, and holds the
 * caption. What else is known of the file is in media.ts.
 */

const FILES: Readonly<Record<string, string>> = {
  image: "Foto",
  video: "Vídeo",
  audio: "Áudio",
  voice: "Mensagem de voz",
  document: "Documento",
  sticker: "Figurinha",
};

type Reading = (message: Json) => string | null;

/** By Meta's types of messages; a reading gives `null` where the message is not as documented. */
const READINGS = new Map<string, Reading>(
  Object.entries({
    text: (message) => textOf(objectOf(message["text"])["body"]),
    ...Object.fromEntries(Object.keys(FILES).map((type): [string, Reading] => [type, fileOf(type)])),
    location: (message) => place(objectOf(message["location"])),
    contacts: (message) => cards(objectsOf(message["contacts"])),
    reaction: (message) => {
      if (Object.keys(objectOf(message["reaction"])).length === 0) return null;
      const emoji = textOf(objectOf(message["reaction"])["emoji"]);
      return emoji === null ? "Retirou a reação" : `Reagiu com ${emoji}`;
    },
    interactive: (message) =>
      choice(objectOf(message["interactive"])) ?? form(objectOf(message["interactive"])),
    button: ({ button }) => prefixed("Escolheu: ", textOf(objectOf(button)["text"])),
    order: (message) => order(objectOf(message["order"])),
    edit: ({ edit }) => prefixed("Editou uma mensagem: ", nested(objectOf(objectOf(edit)["message"]))),
    revoke: () => "Apagou uma mensagem",
    system: (message) => prefixed("Aviso do WhatsApp: ", textOf(objectOf(message["system"])["body"])),
    request_welcome: () => "Abriu a conversa no WhatsApp",
    media_placeholder: () => "Arquivo que não veio com o histórico",
    unsupported: (message) => notShown(message),
  } satisfies Record<string, Reading>),
);

/** 1 to 65,536 units, as every database can hold it. */
export function contentOf(message: Json): string {
  const type = textOf(message["type"]) ?? "";
  const read = READINGS.get(type)?.(message) ?? null;
  const lines = [read ?? whole(type, message), ...asides(message)];
  return fit(lines.join("\n"));
}

/** A message inside another; one that cannot be read is shown as that one is, whole. */
const nested = (message: Json): string | null =>
  READINGS.get(textOf(message["type"]) ?? "")?.(message) ?? null;

function fileOf(type: string): Reading {
  return (message) => {
    const file = objectOf(message[type]);
    if (Object.keys(file).length === 0) return null;
    const label = type === "audio" && file["voice"] === true ? FILES["voice"] : FILES[type];
    const name = textOf(file["filename"]);
    return [name === null ? label : `${label}: ${name}`, textOf(file["caption"])]
      .filter((line) => line !== null)
      .join("\n");
  };
}

/** What WhatsApp itself does not pass on, with its reason. */
function notShown(message: Json): string {
  const [error = {}] = objectsOf(message["errors"]);
  const type = textOf(objectOf(message["unsupported"])["type"]);
  const kind = type === null || type === "unknown" ? "" : ` (${type})`;
  const reason = textOf(objectOf(error["error_data"])["details"]) ?? textOf(error["title"]);
  return `Mensagem que o WhatsApp não mostra por aqui${kind}${reason === null ? "" : `: ${reason}`}`;
}

/** What Fio does not know is shown as it came. */
const whole = (type: string, message: Json): string =>
  `Mensagem de um tipo que o Fio não conhece${type === "" ? "" : ` (${type})`}:\n${JSON.stringify(message)}`;

/** What stands beside a message: that it was forwarded, the advertisement or the product that it comes from. */
function asides(message: Json): string[] {
  const context = objectOf(message["context"]);
  const referral = objectOf(message["referral"]);
  const product = textOf(objectOf(context["referred_product"])["product_retailer_id"]);
  const from = [textOf(referral["headline"]), textOf(referral["source_url"])].filter((text) => text !== null);
  return [
    context["frequently_forwarded"] === true || context["forwarded"] === true ? "(encaminhada)" : null,
    product === null ? null : `(sobre o produto ${product})`,
    from.length === 0 ? null : `(veio do anúncio: ${from.join(", ")})`,
  ].filter((line) => line !== null);
}

const prefixed = (before: string, text: string | null): string | null =>
  text === null ? null : `${before}${text}`;

function fit(text: string): string {
  const held = text.replaceAll("\u0000", "");
  const short = held.length <= MAX_CONTENT_UNITS ? held : `${held.slice(0, MAX_CONTENT_UNITS - 1)}…`;
  return short.toWellFormed();
}
