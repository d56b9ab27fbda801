import { beforeAll, expect, test } from "vitest";
import type { Message } from "@fio/contracts";
import { addWords, wordsIn } from "../i18n/i18n.ts";
import { ptBR } from "../i18n/pt-BR.ts";
import { rowOf } from "../store/testing/row-of.ts";
import { createTimes } from "../time/times.ts";
import { createCopy, MOST_COPIED, type CopyTools } from "./copy-conversation.ts";

beforeAll(() => addWords("pt-BR", ptBR));

const message = {
  id: "1",
  direction: "RECEIVED",
  content: "Oi",
  timestamp: "2026-05-13T20:41:00.000000Z",
  receipt: "1778704860000000",
} as Message;

/** What is said, copied and saved, and the way on that was offered last. */
function setUp(tools: Partial<CopyTools> = {}) {
  const done: string[] = [];
  let offered: (() => void) | undefined;
  const copy = createCopy({
    load: () =>
      Promise.resolve({
        kind: "read",
        page: { conversation: { ...rowOf(), messages: [message] }, older: null, newer: null },
      }),
    refused: () => Promise.resolve([]),
    entries: () => [],
    copyText: (text) => {
      done.push(`copied ${text}`);
      return Promise.resolve(true);
    },
    save: (_row, text) => {
      done.push(`saved ${text}`);
      return "conversa-d9e4.txt";
    },
    tell: (_row, text, { kind, action }) => {
      if (kind !== "busy") done.push(text);
      offered = action?.run;
    },
    ...tools,
  });
  const t = wordsIn("pt-BR");
  const words = { t, times: createTimes({ language: "pt-BR", zone: "America/Sao_Paulo", t }) };
  return { copy, words, done, offered: () => offered?.() };
}
const WHOLE = "[13 mai 2026, 17:41] Cliente: Oi";

test("a conversation goes to the clipboard", async () => {
  const { copy, words, done } = setUp();
  await copy(rowOf(), words);
  expect(done).toEqual([`copied ${WHOLE}`, "Conversa copiada"]);
});

test("of more than five thousand messages a file is offered, and nothing is read or copied before it is wanted", async () => {
  const { copy, words, done, offered } = setUp();
  await copy({ ...rowOf(), message_count: MOST_COPIED + 1 }, words);
  expect(done).toEqual(["São 5.001 mensagens: muito para copiar de uma vez. Baixe como arquivo de texto."]);
  offered();
  await expect.poll(() => done.slice(1)).toEqual([`saved ${WHOLE}`, "Conversa baixada: conversa-d9e4.txt"]);
});

test("where what came after the close cannot be read, nothing is copied rather than a part", async () => {
  let there = false;
  const { copy, words, done, offered } = setUp({ refused: () => Promise.resolve(there ? [] : null) });
  await copy({ ...rowOf(), state: "CLOSED" }, words);
  expect(done).toEqual(["Não deu para ler a conversa inteira. Nada foi copiado."]);
  there = true;
  offered();
  await expect.poll(() => done.slice(1)).toEqual([`copied ${WHOLE}`, "Conversa copiada"]);
});
