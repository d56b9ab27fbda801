import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import {
  useLoaderData,
  useParams,
  type ClientLoaderFunctionArgs,
  type ShouldRevalidateFunctionArgs,
} from "@remix-run/react";
import { useRef } from "react";
import { isSendable } from "../outbox/limits.ts";
import { tidied } from "../conversation/composer/reply-text.ts";
import { NewPane } from "../conversation/new-pane.tsx";
import { ConversationPane } from "../conversation/pane.tsx";
import { Details } from "../conversation/details/details.tsx";
import { ConversationError } from "../shell/errors.tsx";
import { detailsOf } from "../server/details.server.ts";
import { openedOf } from "../server/opened.server.ts";
import { noted } from "../server/noted.server.ts";
import { writtenBy } from "../server/written-by.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { useSeed } from "../store/context.tsx";
import { titleOfCustomer, useCustomerTitle } from "../conversation/use-customer-title.ts";
import { customerOf } from "../names/customer.ts";
import { NEW } from "../names/paths.ts";
import { idIn, randomId } from "../names/id.ts";
import { titleOf } from "../shell/title.ts";
import { postedText, type FormAnswer } from "../outbox/posted-text.ts";
import { stampNow } from "../server/stamp.server.ts";

const WAIT_SECONDS = 10;

export const meta: MetaFunction<typeof loader> = ({ params, matches, data: loaded }) => {
  if (params["id"] === NEW) return [{ title: titleOf(matches, "list.new") }];
  const contact = loaded?.opened.kind === "found" ? loaded.opened.conversation.contact : undefined;
  return [{ title: titleOfCustomer(customerOf(params["id"] ?? "", contact)) }];
};

/** For full pages. One that is not there, or not now, is a state of the pane: what was being written stays. */
export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const given = params["id"] ?? "";
  if (given === NEW) return null;
  const id = idIn(given);
  if (id === null || id.length !== given.length) throw data({ id: given }, { status: 404 });
  if (id !== given) throw redirect(`/conversations/${id}`);
  const search = new URL(request.url).searchParams;
  const [opened, details] = await Promise.all([openedOf(context, id, search), detailsOf(context.api, id)]);
  const status = opened.kind === "found" ? 200 : opened.kind === "missing" ? opened.status : 503;
  const position = opened.kind === "found" ? opened.position : null;
  return data({ id, opened, details, position }, { status });
}

/** Whether the pane has all it needs to open: an id as it is written, and no page that only the server knows. */
const opensAtOnce = (id: string, url: URL): boolean =>
  (id === NEW || idIn(id) === id) && !url.searchParams.has("page");

/** In the browser the pane changes at once, and loads what it lacks by itself. */
export async function clientLoader({ params, request, serverLoader }: ClientLoaderFunctionArgs) {
  return opensAtOnce(params["id"] ?? "", new URL(request.url)) ? null : serverLoader<typeof loader>();
}

/** From one conversation to the next nothing is loaded: with nothing to wait for the router draws it in the click's task. */
export function shouldRevalidate({
  currentUrl,
  nextUrl,
  nextParams,
  formMethod,
}: ShouldRevalidateFunctionArgs) {
  if (formMethod !== undefined && formMethod !== "GET") return true;
  return currentUrl.href === nextUrl.href || !opensAtOnce(nextParams["id"] ?? "", nextUrl);
}

/** What forms post before any script runs, and closing. */
export async function action({ params, request, context }: ActionFunctionArgs) {
  const begins = params["id"] === NEW;
  const form = await formOf(request);
  const id = begins ? randomId() : idIn(params["id"] ?? "");
  if (id === null) throw data(null, { status: 404 });
  const wait = { waitSeconds: WAIT_SECONDS };
  if (form.get("intent") === "close") {
    const posted = await context.ingest.post(
      { type: "CLOSE_CONVERSATION", timestamp: stampNow(), data: { id } },
      wait,
    );
    if (posted.kind === "applied" || posted.kind === "accepted")
      await noted(context, { action: "close", conversation: id });
    // If someone else closed it in the meantime, it is closed too.
    const closed =
      posted.kind === "applied" ||
      (posted.kind === "refused" && posted.code === "CONVERSATION_ALREADY_CLOSED");
    if (closed) return redirect(new URL(request.url).pathname + new URL(request.url).search);
    const reason = posted.kind === "accepted" ? ("reason.accepted" as const) : postedText(posted);
    const answer: FormAnswer = { intent: "close", reason, text: "" };
    return data(answer, { status: posted.kind === "accepted" ? 202 : 503 });
  }
  const text = tidied(textOf(form, "content"));
  const simulated = form.get("direction") === "RECEIVED";
  if (!isSendable(text) || (simulated && !context.simulator)) {
    const answer: FormAnswer = { intent: "send", reason: "reason.invalid", text };
    return data(answer, { status: 400 });
  }
  if (begins) {
    const begun = await context.ingest.post(
      { type: "NEW_CONVERSATION", timestamp: stampNow(), data: { id } },
      wait,
    );
    if (begun.kind !== "applied" && begun.kind !== "accepted") {
      const answer: FormAnswer = { intent: "send", reason: postedText(begun), text };
      return data(answer, { status: 503 });
    }
  }
  const posted = await context.ingest.post(
    writtenBy(
      {
        type: "NEW_MESSAGE",
        timestamp: stampNow(),
        data: {
          id: idIn(textOf(form, "id")) ?? randomId(),
          direction: simulated ? "RECEIVED" : "SENT",
          content: text,
          conversation_id: id,
        },
      },
      context.agent,
    ),
    wait,
  );
  if (posted.kind === "applied" || posted.kind === "accepted") return redirect(`/conversations/${id}`);
  const answer: FormAnswer = { intent: "send", reason: postedText(posted), text };
  return data(answer, { status: 503 });
}

export default function ConversationPage() {
  const { id = "" } = useParams();
  const loaded = useLoadedOnce(id);
  const opened = loaded?.opened;
  useSeed((store) => {
    if (opened?.kind !== "found") return;
    store.seedThread(opened.conversation, opened.older, opened.newer);
    store.opened(opened.conversation.id, opened.position);
  }, opened);
  useCustomerTitle(id);
  if (id === NEW) return <NewPane />;
  return (
    <>
      <ConversationPane key={id} id={id} loaded={opened} />
      <Details key={`${id} details`} id={id} loaded={loaded?.details} />
    </>
  );
}

/** What the server put into the page, until the conversation is left: the router keeps it, and it would be old by then. */
function useLoadedOnce(id: string) {
  const loaded = useLoaderData<typeof loader>();
  const left = useRef<typeof loaded>(null);
  if (loaded !== null && loaded.id !== id) left.current = loaded;
  return loaded === left.current ? null : loaded;
}

export function ErrorBoundary() {
  return <ConversationError />;
}
