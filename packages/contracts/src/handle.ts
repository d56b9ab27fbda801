/* Names for conversations, without zod, so that browsers can use this file. */

const NOUNS =
  "Ipê Jatobá Cedro Aroeira Angico Pequi Buriti Caju Cacau Umbu Jambo Açaí Araucária Bambu Lírio Girassol Jasmim Hortelã Alecrim Manacá Avenca Palmeira Serra Chapada Vereda Cerrado Pampa Mata Restinga Lagoa Riacho Cachoeira Enseada Praia Duna Ilha Campo Morro Trilha Porto Ponte Farol Brisa Maré Neblina Orvalho Aurora Lua Estrela Clareira Garoa Nuvem Rede Viola Pipa Canoa Jangada Balão Moinho Varanda Ladeira Janela Lanterna Bússola".split(
    " ",
  );
const QUALIFIERS =
  "Norte Sul Leste Oeste Lunar Solar Polar Estelar Austral Boreal Tropical Central Matinal Outonal Invernal Estival Silvestre Campestre Agreste Rupestre Rural Floral Mineral Musical Fluvial Insular Suave Leve Firme Breve Sutil Nobre".split(
    " ",
  );

/** A pronounceable name for a conversation that has none, and four digits to be unambiguous. */
export type Handle = {
  /** `Bambu Nobre`. */
  name: string;
  /** The last four digits of the id. */
  tail: string;
  initials: string;
  /** Which of the twelve hues of avatars. */
  hue: number;
};

/** The same id gives the same handle on every device. */
export function handleOf(id: string): Handle {
  const hash = hashOf(id);
  const { noun, qualifier } = wordsOfHandle(hash & HANDLE_BITS);
  return {
    name: `${noun} ${qualifier}`,
    tail: id.slice(-4).toLowerCase(),
    initials: `${noun.charAt(0)}${qualifier.charAt(0)}`,
    hue: (hash >>> 11) % 12,
  };
}

/** How many names there are: the numbers that say which one begin at 0. */
export const HANDLES = 2_048;
const HANDLE_BITS = HANDLES - 1;

/** Which of all names a conversation has; the store keeps it, so it must never change. */
export const handleNumberOf = (id: string): number => hashOf(id) & HANDLE_BITS;

/** The words of a name. */
export const wordsOfHandle = (number: number): { noun: string; qualifier: string } => ({
  noun: NOUNS[number & 63] ?? "",
  qualifier: QUALIFIERS[number >>> 6] ?? "",
});

const hashOf = (id: string): number => mixed(fnv1a(id.toLowerCase()));

/** FNV-1a over UTF-16 units, 32 bits. What is kept or agreed on rests on it: it must never change. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** FNV's low bits differ little for ids that differ in their last digit; these rounds spread them. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}
