/** So many pictures load at a time: one whose address hangs holds a connection that the app itself needs too. */
const AT_ONCE = 2;

let running = 0;
const waiting: Array<() => void> = [];

/** Calls `go` when there is room. What is given back ends the turn, or gives it up before it came; twice is harmless. */
export function awaitTurn(go: () => void): () => void {
  let state: "waits" | "goes" | "over" = "waits";
  const start = (): void => {
    state = "goes";
    running += 1;
    go();
  };
  if (running < AT_ONCE) start();
  else waiting.push(start);
  return () => {
    const before = state;
    state = "over";
    if (before === "waits") waiting.splice(waiting.indexOf(start), 1);
    if (before !== "goes") return;
    running -= 1;
    waiting.shift()?.();
  };
}
