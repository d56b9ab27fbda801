import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";
import { conversationPath, PATHS, withQuery } from "../names/paths.ts";
import { available } from "../server/available.server.ts";

/**
 * The field "go to": an id opens its conversation, and so does a name, a tail or the beginning of an id that only one
 * conversation has. Anything else is searched for.
 */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const text = (new URL(request.url).searchParams.get("id") ?? "").trim();
  const id = idIn(text);
  if (id !== null) return redirect(conversationPath(id));
  if (text === "") return redirect(PATHS.home);
  const named = await available(
    context,
    context.api.search({ q: text, page: null, filters: { kind: "conversation" } }),
  );
  const [one, other] = named.kind === "ok" ? named.data : [];
  return redirect(
    one !== undefined && other === undefined
      ? conversationPath(one.conversation_id)
      : withQuery(PATHS.search, { q: text }),
  );
}
