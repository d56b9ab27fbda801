import type { Finding, Level } from "./finding.ts";

const MARKS: Record<Level, string> = { ok: "  ok     ", warning: "! warning", fault: "X FAULT  " };

/** The doctor's page, for a terminal. */
export function page(findings: readonly Finding[], { version, now }: { version: string; now: Date }): string {
  const lines = findings.flatMap((finding) => [
    `${MARKS[finding.level]}  ${finding.about.padEnd(13)} ${finding.text}`,
    ...(finding.level === "ok" ? [] : [`${" ".repeat(25)} -> ${finding.todo}`]),
  ]);
  return [`Fio ${version}, ${now.toISOString()}: ${verdict(findings)}`, "", ...lines, ""].join("\n");
}

function verdict(findings: readonly Finding[]): string {
  const count = (level: Level, one: string): string[] => {
    const found = findings.filter((finding) => finding.level === level).length;
    return found === 0 ? [] : [`${found} ${one}${found === 1 ? "" : "s"}`];
  };
  const parts = [...count("fault", "fault"), ...count("warning", "warning")];
  return parts.length === 0 ? "all is well" : parts.join(", ");
}

/** 0: all is well; 1: warnings; 2: something does not work. */
export function exitCode(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ level }) => level === "fault")) return 2;
  return findings.some(({ level }) => level === "warning") ? 1 : 0;
}
