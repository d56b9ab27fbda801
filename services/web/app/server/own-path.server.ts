/**
 * A path of this site, never another one's: browsers take a backslash for a slash, and leave out tabs and line breaks. Of
 * `/.//x` only `//x` is left where it is resolved, which is another site again for whoever takes it as a path.
 */
export function ownPath(value: string | null, otherwise = "/"): string {
  // eslint-disable-next-line no-control-regex
  if (value === null || !/^\/(?![/\\])[^\u0000-\u001f\\]*$/.test(value)) return otherwise;
  return new URL(value, "http://own").pathname.startsWith("//") ? otherwise : value;
}
