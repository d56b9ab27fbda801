/** `warning`: it works, and somebody should see to it; `fault`: something does not work now. */
export type Level = "ok" | "warning" | "fault";

/** A line of the doctor's page; what is not ok says what to do. */
export type Finding = { about: string; text: string } & (
  { level: "ok" } | { level: "warning" | "fault"; todo: string }
);

export const ok = (about: string, text: string): Finding => ({ about, level: "ok", text });
export const warning = (about: string, text: string, todo: string): Finding => ({
  ...{ about, level: "warning", text, todo },
});
export const fault = (about: string, text: string, todo: string): Finding => ({
  ...{ about, level: "fault", text, todo },
});

/** Up to here clocks do not tell the order of anything wrongly that anybody sees. */
const SKEW_MS = 2_000;

export function clockOf(about: string, skewMs: number): Finding[] {
  if (Math.abs(skewMs) <= SKEW_MS) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return [
    warning(
      about,
      `its clock is ${seconds} s ${skewMs > 0 ? "ahead of" : "behind"} this machine's`,
      "Let both machines keep time by NTP (timedatectl set-ntp true). Times that agents read are off by as much.",
    ),
  ];
}

export function inWords(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
