import { draftOf, keepDraft } from "../../device/drafts.ts";
import { conversationIn, NEW } from "../../names/paths.ts";
import { isSendable } from "../../outbox/limits.ts";
import { sendMessage } from "../../outbox/send-message.ts";
import { tidied } from "./reply-text.ts";

/** The field to answer in that is on the page. `send` takes what was written before an Enter. */
export type ReplyField = { id: string; element: HTMLTextAreaElement; send: (text: string) => void };
/** Takes what is typed for a conversation whose field is not on the page yet. */
type StandIn = { id: string; element: HTMLTextAreaElement; composing: boolean; entered: string[] };

/** How long a conversation that was left may still come onto the page. */
const LEFT_MS = 300;

let mounted: ReplyField | null = null;
const standIns = new Map<string, StandIn>();
/** The focus was in a field that has just made room for another. */
let inherited = false;

type RemixWindow = { __remixRouter?: { state: { navigation: { location?: { pathname: string } } } } };

/** The conversation that keys mean: where the page is going, or where it is. What is drawn may lag behind. */
export function addressed(): string | null {
  const going = (globalThis as RemixWindow).__remixRouter?.state.navigation.location;
  return conversationIn((going ?? location).pathname);
}

/**
 * Puts the cursor where the answer to the addressed conversation is written. While its field is not there a hidden one
 * takes what is typed, accents and pasted text included; nothing of it can reach another conversation, or be taken for
 * a command. False where there is no conversation.
 */
export function focusReply(id = addressed()): boolean {
  if (id === null) return false;
  if (mounted?.id === id) focusEnd(mounted.element);
  else standFor(id);
  return true;
}

function standFor(id: string): void {
  const standing = standIns.get(id);
  if (standing !== undefined) {
    focusEnd(standing.element);
    return;
  }
  const element = document.createElement("textarea");
  const own: StandIn = { id, element, composing: false, entered: [] };
  element.className = "sr";
  element.tabIndex = -1;
  element.value = draftOf(id);
  const keep = (): void => keepDraft(id, [...own.entered, element.value].join("\n"));
  element.addEventListener("input", keep);
  element.addEventListener("compositionstart", () => (own.composing = true));
  element.addEventListener("compositionend", () => {
    own.composing = false;
    if (mounted?.id === id) handOver(own, mounted);
  });
  element.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") element.blur();
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (event.repeat) return;
    own.entered.push(element.value);
    element.value = "";
    keep();
  });
  // What was entered is sent by the field, as soon as it comes; the rest is kept as a draft.
  element.addEventListener("blur", () => {
    if (own.entered.length === 0 && mounted?.id !== id) end(own);
    else if (id !== NEW) setTimeout(() => sendLeft(own), LEFT_MS);
  });
  document.body.append(element);
  standIns.set(id, own);
  focusEnd(element);
}

/** The conversation was left before its field came: what was entered for it goes out all the same. */
function sendLeft(own: StandIn): void {
  const { id, element, entered } = own;
  if (standIns.get(id) !== own || document.activeElement === element) return;
  if (addressed() === id) {
    setTimeout(() => sendLeft(own), LEFT_MS);
    return;
  }
  end(own);
  keepDraft(id, element.value);
  for (const text of entered) {
    if (isSendable(tidied(text))) sendMessage({ conversation: id, text: tidied(text), direction: "SENT" });
    else keepDraft(id, [text, draftOf(id)].filter(Boolean).join("\n"));
  }
}

function handOver(from: StandIn, to: ReplyField): void {
  if (standIns.get(to.id) !== from || from.composing) return;
  const focused = document.activeElement === from.element;
  const text = from.element.value;
  keepDraft(to.id, text);
  // At once, not with the next drawing: a key before that would find the field empty, and what it writes be the draft.
  if (to.element.value !== text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(to.element, text);
    to.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (focused) focusEnd(to.element);
  end(from);
  // Once the page that the field belongs to is whole: what is sent may lead to the next one.
  queueMicrotask(() => {
    for (const text of from.entered) to.send(text);
  });
}

function end(standing: StandIn): void {
  standIns.delete(standing.id);
  standing.element.remove();
}

function focusEnd(element: HTMLTextAreaElement): void {
  if (document.activeElement === element) return;
  element.focus();
  element.setSelectionRange(element.value.length, element.value.length);
}

/** Called when a field comes onto the page; call what it returns when it leaves. */
export function mountReply(field: ReplyField): () => void {
  mounted = field;
  if (inherited) focusEnd(field.element);
  inherited = false;
  const waiting = standIns.get(field.id);
  if (waiting !== undefined) handOver(waiting, field);
  return () => {
    if (mounted === field) mounted = null;
    inherited = document.activeElement === field.element;
    // Only for the field that takes its place at once.
    queueMicrotask(() => (inherited = false));
  };
}
