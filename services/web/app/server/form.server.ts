import { data } from "@remix-run/node";
import { ownPath } from "./own-path.server.ts";

/** The fields of a form that was posted; a body that is not a form gets a 400. */
export async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw data(null, { status: 400 });
  }
}
/** A field's text; browsers send line breaks of forms as CRLF, messages have LF. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
}

/** Where a form was shown, which it names as `back`: a path of this site, never another one's. */
export function backOf(form: FormData, otherwise: string): string {
  return ownPath(textOf(form, "back"), otherwise);
}
