/** A path of this site, never another one's: browsers take a backslash for a slash, and leave out tabs and line breaks. */
export const ownPath = (value: string | null, otherwise = "/"): string =>
  // eslint-disable-next-line no-control-regex
  value !== null && /^\/(?![/\\])[^\u0000-\u001f\\]*$/.test(value) ? value : otherwise;
