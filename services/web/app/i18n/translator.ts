type Values = Record<string, string | number>;

/** `x_one` and `x_other` are asked for as `x`, with a `count`. */
export type NameOf<Key extends string> = Key extends `${infer Name}_one` | `${infer Name}_other` ? Name : Key;

/** The text of a name, its gaps filled. */
export type Translate<Key extends string> = (name: NameOf<Key>, values?: Values) => string;

const GAP = /\{\{(\w+)\}\}/g;

/** Words in one language: gaps such as `{{name}}` are filled, numbers as the language writes them, 1.234 or 1,234. */
export function translator<Key extends string>(
  words: Readonly<Record<Key, string>>,
  language: string,
): Translate<Key> {
  const texts: Readonly<Record<string, string | undefined>> = words;
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  return (name, values) => {
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
