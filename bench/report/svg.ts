/*
 * What the plots are drawn with. A picture that a page shows as an image inherits nothing from it, so that it brings its own
 * ground and both themes.
 */

const STYLE = `
  svg { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
  .ground { fill: #ffffff; } .text { fill: #1f2328; } .quiet { fill: #59636e; }
  .grid { stroke: #d1d9e0; } .range { stroke: #1f2328; fill: none; }
  .c0 { fill: #0969da; stroke: #0969da; } .c1 { fill: #bf5b00; stroke: #bf5b00; } .c2 { fill: #1a7f37; stroke: #1a7f37; }
  .c3 { fill: #8250df; stroke: #8250df; } .c4 { fill: #9a6700; stroke: #9a6700; } .c5 { fill: #6e7781; stroke: #6e7781; }
  .c6 { fill: #cf222e; stroke: #cf222e; }
  .line { fill: none; stroke-width: 2; } .bar { stroke: none; } .title { font-size: 14px; font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; } .text { fill: #f0f6fc; } .quiet { fill: #9198a1; }
    .grid { stroke: #3d444d; } .range { stroke: #f0f6fc; }
    .c0 { fill: #4493f8; stroke: #4493f8; } .c1 { fill: #f0883e; stroke: #f0883e; } .c2 { fill: #3fb950; stroke: #3fb950; }
    .c3 { fill: #ab7df8; stroke: #ab7df8; } .c4 { fill: #d29922; stroke: #d29922; } .c5 { fill: #9198a1; stroke: #9198a1; }
    .c6 { fill: #f85149; stroke: #f85149; }
    .line { fill: none; }
  }`;

export const COLOURS = 7;

type Attributes = Record<string, string | number>;

export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .map(
      ([key, value]) =>
        ` ${key}="${escaped(typeof value === "number" ? String(Math.round(value * 10) / 10) : value)}"`,
    )
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export const text = (
  content: string,
  {
    x,
    y,
    anchor = "start",
    of = "text",
  }: { x: number; y: number; anchor?: "start" | "middle" | "end"; of?: string },
): string => element("text", { x, y, "text-anchor": anchor, class: of }, escaped(content));

/** A whole picture with its title, which is also what it says to those who cannot see it. */
export function picture(
  { title, width, height }: { title: string; width: number; height: number },
  parts: readonly string[],
): string {
  const inside = [
    element("title", {}, escaped(title)),
    element("style", {}, STYLE),
    element("rect", { class: "ground", width, height, rx: 6 }),
    text(title, { x: 16, y: 26, of: "text title" }),
    ...parts,
  ].join("\n");
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return `${element("svg", { xmlns: "http://www.w3.org/2000/svg", role: "img", ...size }, `\n${inside}\n`)}\n`;
}

const escaped = (content: string): string =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Round figures from 0 to at least `most`, about five of them. */
export function ticks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
