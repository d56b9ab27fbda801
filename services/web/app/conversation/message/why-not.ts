/**
 * Why a file does not show: it is `gone` from its address, `large`, in a `format` that no browser shows, or it cannot be reached
 * just `now`.
 */
export type WhyNot = "gone" | "large" | "format" | "now";

/** Asked once it has failed: elements say that it did, and not why. */
export async function whyNot(source: string): Promise<WhyNot> {
  const status = await fetch(source, { method: "HEAD" }).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status === 404 || status === 403) return "gone";
  if (status === 413) return "large";
  return status >= 200 && status <= 299 ? "format" : "now";
}
