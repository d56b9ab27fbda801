import type { LaterWords } from "../../i18n/later.ts";

const pt = {
  with: "Com {{name}}",
  you: "você",
  nobody: "Agora não está com ninguém",
  undo: "Desfazer",
  moved: "A conversa já mudou de mãos de novo.",
  failed: "A conversa não mudou de mãos: {{reason}}",
  title: "Com quem fica a conversa?",
  find: "Nome",
  none: "Ninguém com este nome.",
  loading: "Carregando…",
  unknown: "Não deu para ver quem atende. Tente de novo.",
  back: "Ninguém",
} as const;
const en: Record<keyof typeof pt, string> = {
  with: "With {{name}}",
  you: "you",
  nobody: "Now with nobody",
  undo: "Undo",
  moved: "The conversation has changed hands again.",
  failed: "The conversation stays where it was: {{reason}}",
  title: "Who takes the conversation?",
  find: "Name",
  none: "Nobody by that name.",
  loading: "Loading…",
  unknown: "The agents could not be listed. Try again.",
  back: "Nobody",
};
export const WORDS: LaterWords<typeof pt> = { "pt-BR": pt, en };
