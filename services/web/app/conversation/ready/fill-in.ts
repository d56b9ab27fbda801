import { gapFor } from "./gaps.ts";

/** What a ready answer may ask for, by its names in both languages, each without accents. */
export type Known = { name: string | null; hour: number };

const FILL_IN = /\{([^{}\n]{1,40})\}/g;
/** A greeting that begins a sentence begins with a capital. */
const BEGINS = /(?:^|[.!?…]\s+|\n)$/u;

type Filling = (known: Known) => string | null;
const FILLINGS: Record<string, Filling> = {
  nome: ({ name }) => name,
  name: ({ name }) => name,
  saudacao: ({ hour }) => greeting(hour, ["bom dia", "boa tarde", "boa noite"]),
  greeting: ({ hour }) => greeting(hour, ["good morning", "good afternoon", "good evening"]),
};

const greeting = (hour: number, [morning, afternoon, night]: [string, string, string]): string =>
  hour >= 5 && hour < 12 ? morning : hour >= 12 && hour < 18 ? afternoon : night;

const plain = (text: string): string => text.trim().normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** A ready answer as it goes into the field: what is known is filled in, what is not is a gap to be written. */
export function filled(text: string, known: Known): string {
  return text.replace(FILL_IN, (whole: string, asked: string, at: number) => {
    const filling = FILLINGS[plain(asked)];
    const words = filling?.(known) ?? null;
    if (words === null) return /\p{L}/u.test(asked) ? gapFor(asked.trim()) : whole;
    return BEGINS.test(text.slice(0, at)) ? words.charAt(0).toUpperCase() + words.slice(1) : words;
  });
}
