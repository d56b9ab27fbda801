type Values = Readonly<Record<string, string | number>>;

/** The texts of one language by their keys. */
export type Texts<Key extends string = string> = Readonly<Record<Key, string>>;

/** `x_one` and `x_other` are asked for as `x`, with a `count`. */
type NameIn<Key> = Key extends `${infer Name}_one` | `${infer Name}_other` ? Name : Key;
export type NameOf<Words> = NameIn<keyof Words & string>;

type GapsIn<Text> = Text extends `${string}{{${infer Gap}}}${infer Rest}` ? Gap | GapsIn<Rest> : never;
/** What must be known to say it: what fills its gaps, and which of its forms it is. */
type Needs<Words, Name extends string> =
  | GapsIn<Words[(Name | `${Name}_one` | `${Name}_other`) & keyof Words]>
  | (Name extends keyof Words ? never : "count");

/** What can be said with nothing to fill in. */
export type PlainNameOf<Words> = {
  [Name in NameOf<Words>]: [Needs<Words, Name>] extends [never] ? Name : never;
}[NameOf<Words>];

/** The text of a name, its gaps filled. `Words` are its texts as they are written: a gap that nobody fills does not compile. */
export type Translate<Words> = <Name extends NameOf<Words>>(
  name: Name,
  ...values: [Needs<Words, Name>] extends [never]
    ? []
    : [{ readonly [Gap in Needs<Words, Name>]: Gap extends "count" ? number : string | number }]
) => string;

const GAP = /\{\{(\w+)\}\}/g;

/** Words in one language: gaps such as `{{name}}` are filled, numbers as the language writes them, 1.234 or 1,234. */
export function translator<Words extends Texts>(
  words: Texts<keyof Words & string>,
  language: string,
): Translate<Words> {
  const texts: Readonly<Record<string, string | undefined>> = words;
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  return (name: string, values?: Values): string => {
    if (values === undefined) return texts[name] ?? name;
    const { count } = values;
    const plural = typeof count === "number" ? texts[`${name}_${plurals.select(count)}`] : undefined;
    // Portuguese has a third form, for millions, that is written as any other.
    const text = plural ?? texts[name] ?? texts[`${name}_other`] ?? name;
    return text.replace(GAP, (gap, of: string) => {
      const value = values[of];
      return typeof value === "number" ? numbers.format(value) : (value ?? gap);
    });
  };
}
