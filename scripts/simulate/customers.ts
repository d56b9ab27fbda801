import type { Random } from "./phrases.ts";

const FIRST =
  "Ana Beatriz Caio Débora Érica Fábio Gustavo Helena Íris João Lívia Márcio Núbia Otávio Paula Thiago".split(
    " ",
  );
const LAST = "Araújo Barros Conceição Dias Esteves Ferraz Gonçalves Lima Moura Nóbrega Prado Souza".split(
  " ",
);
const CHANNEL = "whatsapp:551140001234";

const pick = (names: readonly string[], random: Random): string =>
  names[Math.floor(random() * names.length)] ?? "";

/** One of some thousand customers, so that some come again. The same number is always the same person. */
export function customer(random: Random): { channel: string; id: string; name: string; phone: string } {
  const first = pick(FIRST, random);
  const last = pick(LAST, random);
  const number = Math.floor(random() * 10);
  const digits = `9${String(8_000_000 + 1_000 * FIRST.indexOf(first) + 10 * LAST.indexOf(last) + number).padStart(8, "0")}`;
  const phone = `+55 11 ${digits.slice(0, 5)}-${digits.slice(5)}`;
  return { channel: CHANNEL, id: `5511${digits}`, name: `${first} ${last}`, phone };
}
