import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { number } from "./numbers.ts";
import { plotsOf, type Plot } from "./plots.ts";
import { medianIn, type Results } from "./results.ts";
import { tablesOf } from "./tables.ts";

/** `results.json`, `tables.md` and the plots, in `directory`. */
export async function writeReport(directory: string, results: Results): Promise<void> {
  const plots = plotsOf(results.results);
  await mkdir(directory, { recursive: true });
  await Promise.all([
    writeFile(join(directory, "results.json"), `${JSON.stringify(results, null, 2)}\n`),
    writeFile(join(directory, "tables.md"), page(results, plots)),
    ...plots.map(({ file, svg }) => writeFile(join(directory, file), svg)),
  ]);
}

function page(results: Results, plots: readonly Plot[]): string {
  const pictures = plots.map(({ file, title }) => `![${title}](${file})`).join("\n\n");
  return `# Measured\n\n${aboutOf(results)}\n\n${pictures}\n\n${tablesOf(results.results)}\n`;
}

/** What the figures depend on, and that the generator was not what they measure. */
function aboutOf({ takenAt, minutes, machine, options, results }: Results): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores shared with the load, ${machine.memoryGiB.toFixed(0)} GiB; ${machine.kernel}; a ` +
      `flush of 4 KiB to disk takes ${machine.fsyncMs.toFixed(2)} ms. Node ${machine.node}, ${machine.redis} with ` +
      `\`appendfsync always\`, ${machine.postgres}. Commit ${machine.commit}, load before ${machine.loadBefore.toFixed(1)}.`,
    `Taken ${takenAt.slice(0, 10)} in ${minutes.toFixed(0)} minutes: ${options.rounds} rounds, interleaved, each load ` +
      `${options.seconds} s or ${options.most.toLocaleString("en")} events. Medians, with the least and the most in brackets.`,
    ...(options.short
      ? ["**The short form: it checks that nothing is lost. No figure of it means anything.**"]
      : []),
  ];
  const busiest = Math.max(
    0,
    ...results.map((result) => medianIn(result, ({ generator }) => generator) ?? 0),
  );
  const fastest = (kept: boolean): number =>
    Math.max(
      0,
      ...results
        .filter(({ shape, promise }) => shape.events === 1 && (promise !== "nothing is kept") === kept)
        .map((result) => medianIn(result, ({ perSecond }) => perSecond) ?? 0),
    );
  lines.push(
    `The load generator is a process of its own and used at most ${number(busiest)} of a core (a core is its limit). It sent single ` +
      `events at up to ${number(fastest(false))}/s to servers that keep nothing, and at up to ${number(fastest(true))}/s to those that do.`,
  );
  return lines.join("\n\n");
}
