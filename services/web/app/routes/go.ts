import { redirect, type LoaderFunctionArgs } from "@remix-run/node";
import { idIn } from "../names/id.ts";

/** The field "go to id", where no script runs: an id opens its conversation, anything else is searched for. */
export function loader({ request }: LoaderFunctionArgs) {
  const text = new URL(request.url).searchParams.get("id") ?? "";
  const id = idIn(text);
  return redirect(
    id === null ? `/search?${new URLSearchParams({ q: text }).toString()}` : `/conversations/${id}`,
  );
}
