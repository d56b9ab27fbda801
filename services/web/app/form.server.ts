/** A field's text; browsers send line breaks of forms as CRLF, messages have LF. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
}
