import { press } from "./press-key.ts";

type Hold = {
  /** `field`: a field that is there already takes what is typed, up to the first key that chooses or moves. */
  letters: "field" | "held";
  /** What the keys are for takes them. */
  isReady: () => boolean;
  /** Escape was pressed: what the keys were for is not wanted any more. */
  callOff: () => void;
};

/** The last two begin what an input method composes, such as an accent: what that gives is not known yet. */
const PASS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead", "Process"]);
const CHOOSES = /^(Enter|Tab|ArrowUp|ArrowDown)$/;
/** Nothing came: on a slow machine what is loaded may take seconds to be drawn. */
const GIVE_UP_MS = 5_000;
/** So many tasks, and what a key has set going is on the page, or is being loaded. */
const TURNS = 6;

const holds: Hold[] = [];
/** What was closed before it was there takes no keys. */
const off = new WeakSet<Hold>();
let held: KeyboardEvent[] = [];
let giving = false;
let listening = false;

/**
 * Keeps the keys that are pressed for something until it is there, and then gives them to it in their order: none is lost,
 * and none is taken by what had the focus before. Returns what ends it.
 */
export function holdKeys(hold: Hold): () => void {
  if (!listening) {
    listening = true;
    // Before all others.
    addEventListener("keydown", take, { capture: true });
    addEventListener("pointerdown", callOffKeys, { capture: true });
  }
  holds.push(hold);
  return () => {
    holds.splice(holds.indexOf(hold), 1);
    void give(hold);
  };
}

function take(event: KeyboardEvent): void {
  const hold = holds.at(-1);
  if ((hold === undefined && !giving) || !event.isTrusted || event.isComposing) return;
  const { key } = event;
  const mod = event.ctrlKey || event.metaKey || event.altKey;
  // What is the browser's own, such as to reload, stays so.
  if (PASS.has(key) || (mod && key !== "Enter" && key.toLowerCase() !== "k")) return;
  if (hold?.letters === "field" && !giving && held.length === 0 && !CHOOSES.test(key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (key === "Escape" && hold !== undefined) {
    callOffKeys();
    hold.callOff();
  } else if (!(event.repeat && (mod || key === "Enter"))) held.push(event);
}

/** What is being loaded takes no keys any more, nor does anything else take those that were pressed for it. */
export function callOffKeys(): void {
  held = [];
  for (const hold of holds) off.add(hold);
}

async function give(hold: Hold): Promise<void> {
  if (giving) return;
  giving = true;
  const isReady = (): boolean => off.has(hold) || hold.isReady();
  const until = performance.now() + GIVE_UP_MS;
  await turns();
  while (holds.length === 0 && !isReady() && held.length > 0 && performance.now() < until) await turns();
  if (holds.length === 0 && !isReady()) held = [];
  while (holds.length === 0) {
    const next = held.shift();
    if (next === undefined) break;
    press(next);
    await turns(next.key.length === 1 ? 1 : TURNS);
  }
  giving = false;
}

async function turns(many = TURNS): Promise<void> {
  for (let turn = 0; turn < many; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}
