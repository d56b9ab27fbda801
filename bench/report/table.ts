export type Column<Row> = { title: string; right?: boolean; cell: (row: Row) => string };

/** In Markdown, padded as Prettier does. */
export function table<Row>(columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => escaped(cell(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(3, ...cells.map((line) => line[index]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, index) => padded(text, widths[index] ?? 0, columns[index]?.right === true)).join(" | ")} |`;
  const rule = `| ${columns
    .map(({ right }, index) =>
      right === true ? `${"-".repeat((widths[index] ?? 0) - 1)}:` : "-".repeat(widths[index] ?? 0),
    )
    .join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}

const escaped = (text: string): string => text.replaceAll("|", "\\|");

const padded = (text: string, width: number, right: boolean): string =>
  right ? text.padStart(width) : text.padEnd(width);
