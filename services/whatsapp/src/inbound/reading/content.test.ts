import { describe, expect, test } from "vitest";
import { MAX_CONTENT_UNITS } from "@fio/contracts";
import { contentOf } from "./content.ts";

const message = (type: string, more: object) => ({ id: "wamid.1", from: "5511912345678", type, ...more });

describe("what agents read of a message", () => {
  test.each<[string, string, object, string]>([
    ["text, as it was written", "text", { text: { body: "  Oi!\n👋 " } }, "  Oi!\n👋 "],
    ["a photo", "image", { image: { id: "77", mime_type: "image/jpeg" } }, "Foto"],
    ["a photo with words", "image", { image: { id: 77, caption: "a peça" } }, "Foto\na peça"],
    ["a video", "video", { video: { id: "78" } }, "Vídeo"],
    ["sound", "audio", { audio: { id: "79", voice: false } }, "Áudio"],
    ["a voice message", "audio", { audio: { id: "79", voice: true } }, "Mensagem de voz"],
    [
      "a document",
      "document",
      { document: { id: "80", filename: "contrato.pdf", caption: "assinado", mime_type: "application/pdf" } },
      "Documento: contrato.pdf\nassinado",
    ],
    ["a sticker", "sticker", { sticker: { id: "81", animated: true } }, "Figurinha"],
    [
      "a place",
      "location",
      { location: { latitude: -23.55, longitude: -46.63, name: "Praça da Sé", address: "Centro" } },
      "Localização: Praça da Sé, Centro\nhttps://maps.google.com/?q=-23.55,-46.63",
    ],
    [
      "a place without a name",
      "location",
      { location: { latitude: 0, longitude: 0 } },
      "Localização: 0, 0\nhttps://maps.google.com/?q=0,0",
    ],
    [
      "cards of an address book",
      "contacts",
      {
        contacts: [
          { name: { formatted_name: "Davi" }, phones: [{ phone: "+55 11 3000-0000" }] },
          { name: { first_name: "Eva" }, emails: [{ email: "eva@example.com" }] },
        ],
      },
      "Contato: Davi, +55 11 3000-0000\nContato: Eva, eva@example.com",
    ],
    ["a reaction", "reaction", { reaction: { message_id: "wamid.0", emoji: "👍" } }, "Reagiu com 👍"],
    [
      "a reaction that is taken back",
      "reaction",
      { reaction: { message_id: "wamid.0" } },
      "Retirou a reação",
    ],
    [
      "one that is taken back in words",
      "reaction",
      { reaction: { message_id: "wamid.0", emoji: "" } },
      "Retirou a reação",
    ],
    [
      "a button",
      "interactive",
      { interactive: { type: "button_reply", button_reply: { id: "sim", title: "Sim, quero" } } },
      "Escolheu: Sim, quero",
    ],
    [
      "a line of a list",
      "interactive",
      {
        interactive: {
          type: "list_reply",
          list_reply: { id: "1", title: "Manhã", description: "8h às 12h" },
        },
      },
      "Escolheu: Manhã (8h às 12h)",
    ],
    [
      "a form",
      "interactive",
      {
        interactive: {
          type: "nfm_reply",
          nfm_reply: {
            name: "flow",
            body: "Sent",
            response_json: '{"flow_token":"x","nome":"Ana","turnos":["manhã","tarde"]}',
          },
        },
      },
      'Formulário\nnome: Ana\nturnos: ["manhã","tarde"]',
    ],
    [
      "the button of a template",
      "button",
      { button: { text: "Confirmar", payload: "c" } },
      "Escolheu: Confirmar",
    ],
    [
      "an order",
      "order",
      {
        order: {
          catalog_id: "1",
          text: "entrega hoje?",
          product_items: [{ product_retailer_id: "SKU-1", quantity: 2, item_price: 9.9, currency: "BRL" }],
        },
      },
      "Pedido:\n2 × SKU-1, 9.9 BRL cada\nentrega hoje?",
    ],
    ["what systems say", "system", { system: { body: "Ana entrou" } }, "Aviso do WhatsApp: Ana entrou"],
    [
      "an edit",
      "edit",
      { edit: { original_message_id: "wamid.0", message: { type: "text", text: { body: "às 15h" } } } },
      "Editou uma mensagem: às 15h",
    ],
    [
      "a message that is taken back",
      "revoke",
      { revoke: { original_message_id: "wamid.0" } },
      "Apagou uma mensagem",
    ],
    [
      "what WhatsApp does not pass on",
      "unsupported",
      { errors: [{ code: 131051, title: "Message type unknown", error_data: { details: "Not supported" } }] },
      "Mensagem que o WhatsApp não mostra por aqui: Not supported",
    ],
    [
      "and of which kind it is",
      "unsupported",
      { unsupported: { type: "poll_creation" }, errors: [{ code: 131051, title: "Unknown" }] },
      "Mensagem que o WhatsApp não mostra por aqui (poll_creation): Unknown",
    ],
    ["the first opening", "request_welcome", {}, "Abriu a conversa no WhatsApp"],
    ["a file of a history", "media_placeholder", {}, "Arquivo que não veio com o histórico"],
    [
      "what was forwarded",
      "text",
      { text: { body: "vejam" }, context: { forwarded: true } },
      "vejam\n(encaminhada)",
    ],
    [
      "the product that a question is about",
      "text",
      { text: { body: "tem azul?" }, context: { referred_product: { product_retailer_id: "SKU-2" } } },
      "tem azul?\n(sobre o produto SKU-2)",
    ],
    [
      "the advertisement that it comes from",
      "text",
      { text: { body: "Oi" }, referral: { headline: "Promoção", source_url: "https://fb.me/x" } },
      "Oi\n(veio do anúncio: Promoção, https://fb.me/x)",
    ],
  ])("%s", (_what, type, more, content) => {
    expect(contentOf(message(type, more))).toBe(content);
  });

  test.each<[string, object]>([
    ["a type that nobody knows", message("hologram", { hologram: { size: 3 } })],
    ["no type", { id: "wamid.1" }],
    ["text without a body", message("text", {})],
    ["empty text", message("text", { text: { body: "" } })],
    ["a photo without a photo", message("image", {})],
    ["a place without a place", message("location", { location: { latitude: 1 } })],
    ["an empty order", message("order", { order: {} })],
    ["an answer of a new kind", message("interactive", { interactive: { type: "slider_reply" } })],
    ["a form without answers", message("interactive", { interactive: { nfm_reply: {} } })],
    ["an edit of what nobody knows", message("edit", { edit: { message: { type: "hologram" } } })],
    ["a reaction that is not one", message("reaction", {})],
    ["a type that is a name of JavaScript", message("constructor", {})],
    ["a type that is a number", { id: 1, type: 17 }],
  ])("%s is shown as it came", (_what, given) => {
    const content = contentOf(given as Record<string, unknown>);
    expect(content).toContain("Mensagem de um tipo que o Fio não conhece");
    expect(content).toContain(JSON.stringify(given));
  });

  test("every content is what a database holds: not longer than it may be, no U+0000, no half characters", () => {
    const content = contentOf(message("text", { text: { body: `\u0000\ud800${"😀".repeat(40_000)}` } }));
    expect(content.length).toBe(MAX_CONTENT_UNITS);
    expect(content).not.toContain("\u0000");
    expect(content.isWellFormed()).toBe(true);
  });
});
