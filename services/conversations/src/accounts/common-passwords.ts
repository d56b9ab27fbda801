/** Whose password it is to be. */
type Owner = { email: string; name: string };

/** Loaded with the first password that is set: it takes some megabytes. */
let list: Promise<ReadonlySet<string>> | undefined;
const commonOnes = (): Promise<ReadonlySet<string>> =>
  (list ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].map(String)),
  ));

/** Fewer make no password, however long. */
const DIFFERENT_CHARACTERS = 5;

/**
 * Whether a password is among the first that somebody tries: one of the 49,000 most used, their repetitions, or what names
 * its owner, also with digits and signs around it.
 */
export async function isCommon(password: string, { email, name }: Owner): Promise<boolean> {
  const whole = password.normalize("NFKC").toLowerCase();
  if (new Set(whole).size < DIFFERENT_CHARACTERS) return true;
  const core = whole.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const once = (text: string): string => /^(.+?)\1+$/u.exec(text)?.[1] ?? text;
  const own = new Set([email, ...email.split("@"), name, ...name.split(" ")].map(joined));
  const known = await commonOnes();
  return [whole, core, once(core), once(joined(core))].some(
    (each) => each.length < 4 || known.has(each) || known.has(joined(each)) || own.has(joined(each)),
  );
}

/** Without accents, spaces and signs. */
const joined = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
