import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useLoaderData, useParams, type ShouldRevalidateFunctionArgs } from "@remix-run/react";
import { available } from "../server/available.server.ts";
import { isSendable } from "../outbox/limits.ts";
import { ConversationPane } from "../conversation/pane.tsx";
import { Details } from "../conversation/details.tsx";
import { ConversationError } from "../shell/errors.tsx";
import { ConversationSkeleton } from "../ui/skeletons.tsx";
import { useSlowOpening } from "../ui/use-slow.ts";
import { detailsOf } from "../server/details.server.ts";
import { formOf, textOf } from "../server/form.server.ts";
import { useSeed } from "../store/context.tsx";
import { handleOf } from "@fio/contracts/handle";
import { idIn, randomId } from "../names/id.ts";
import type { FormAnswer } from "../outbox/answers.ts";
import { postedText } from "../outbox/posted-text.ts";
import { stampNow } from "../server/stamp.server.ts";
import { threadPage } from "../server/thread-page.server.ts";

const MESSAGES = 30;
const WAIT_SECONDS = 10;

export const meta: MetaFunction<typeof loader> = ({ params }) => {
  const { name, tail } = handleOf(params["id"] ?? "");
  return [{ title: `${name} ${tail} · Fio` }];
};

export async function loader({ params, request, context }: LoaderFunctionArgs) {
  const given = params["id"] ?? "";
  const id = idIn(given);
  if (id === null || id.length !== given.length) throw data({ id: given }, { status: 404 });
  if (id !== given) throw redirect(`/conversations/${id}`);
  const search = new URL(request.url).searchParams;
  const [read, details] = await Promise.all([
    available(context, threadPage(context.api, { id, search, limit: MESSAGES })),
    detailsOf(context.api, id),
  ]);
  if (read.kind === "refused") throw data({ id }, { status: read.problem.status });
  return {
    conversation: read.data,
    older: read.prev,
    newer: read.next,
    position: read.position,
    details,
  };
}

/** What forms post before any script runs, and closing. */
export async function action({ params, request, context }: ActionFunctionArgs) {
  const id = idIn(params["id"] ?? "");
  if (id === null) throw data(null, { status: 404 });
  const form = await formOf(request);
  const wait = { waitSeconds: WAIT_SECONDS };
  if (form.get("intent") === "close") {
    const posted = await context.ingest.post(
      { type: "CLOSE_CONVERSATION", timestamp: stampNow(), data: { id } },
      wait,
    );
    // If someone else closed it in the meantime, it is closed too.
    const closed =
      posted.kind === "applied" ||
      (posted.kind === "refused" && posted.code === "CONVERSATION_ALREADY_CLOSED");
    if (closed) return redirect(new URL(request.url).pathname + new URL(request.url).search);
    const reason = posted.kind === "accepted" ? ("reason.accepted" as const) : postedText(posted);
    const answer: FormAnswer = { intent: "close", reason, text: "" };
    return data(answer, { status: posted.kind === "accepted" ? 202 : 503 });
  }
  const text = textOf(form, "content");
  const simulated = form.get("direction") === "RECEIVED";
  if (!isSendable(text) || (simulated && !context.simulator)) {
    const answer: FormAnswer = { intent: "send", reason: "reason.invalid", text };
    return data(answer, { status: 400 });
  }
  const posted = await context.ingest.post(
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
    wait,
  );
  if (posted.kind === "applied" || posted.kind === "accepted") return redirect(`/conversations/${id}`);
  const answer: FormAnswer = { intent: "send", reason: postedText(posted), text };
  return data(answer, { status: 503 });
}

export function shouldRevalidate({
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
  formMethod,
}: ShouldRevalidateFunctionArgs) {
  if (formMethod !== undefined && formMethod !== "GET") return true;
  const onlyFilter = currentUrl.pathname === nextUrl.pathname && currentUrl.search !== nextUrl.search;
  return onlyFilter
    ? currentUrl.searchParams.get("page") !== nextUrl.searchParams.get("page")
    : defaultShouldRevalidate;
}

export default function ConversationPage() {
  const loaded = useLoaderData<typeof loader>();
  const { id = "" } = useParams();
  useSeed((store) => store.seedThread(loaded.conversation, loaded.older, loaded.newer), loaded.conversation);
  if (useSlowOpening(id)) return <ConversationSkeleton />;
  return (
    <>
      <ConversationPane key={id} id={id} position={loaded.position} />
      <Details key={`${id} details`} id={id} loaded={loaded.details} />
    </>
  );
}

export function ErrorBoundary() {
  return <ConversationError />;
}
