import { beforeAll, expect, test } from "vitest";
import { addWords, wordsIn } from "../i18n/i18n.ts";
import { ptBR } from "../i18n/pt-BR.ts";
import { createTimes } from "../time/times.ts";
import { asText } from "./copied-messages.ts";

beforeAll(() => addWords("pt-BR", ptBR));

test("copied messages say when, who and what, with their own line breaks", () => {
  const t = wordsIn("pt-BR");
  const times = createTimes({ language: "pt-BR", zone: "America/Sao_Paulo", t });
  const text = asText(
    [
      { direction: "RECEIVED", content: "Bom dia!\nTudo bem?", place: "2026-05-13T20:41:00.000000Z" },
      { direction: "SENT", content: "*Tudo*", place: "2026-05-13T20:42:00.000000Z" },
    ],
    { t, times },
  );
  expect(text).toBe("[13 mai 2026, 17:41] Cliente: Bom dia!\nTudo bem?\n[13 mai 2026, 17:42] Nós: *Tudo*");
});

test("numbers are written with their separators", () => {
  const t = wordsIn("pt-BR");
  expect(t("convo.messages", { count: 1_234 })).toBe("1.234 mensagens");
});
