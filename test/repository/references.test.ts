import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { repositoryFiles } from "./files.ts";
import { ROOT } from "../../scripts/lib/services.ts";

const files = repositoryFiles();
const texts = files.filter((path) => /\.(md|ts|tsx|mjs|ya?ml|css)$|Dockerfile$/.test(path));
const contentOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const exists = (path: string): boolean => existsSync(join(ROOT, path));

test("every link in a Markdown file leads to a file of the repository, or to the public web", () => {
  const broken = texts
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) =>
      [...contentOf(path).matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
        .map(([, link, source]) => link ?? source ?? "")
        .filter((link) => !/^(https?:|mailto:|#)/.test(link))
        .filter((link) => !exists(normalize(join(dirname(path), link.replace(/#.*$/, "")))))
        .map((link) => `${path}: ${link}`),
    );
  expect(broken).toEqual([]);
});

test("every path that prose or a comment names is there", () => {
  // A path as people write it: from the root, or from the folder of the file that names it.
  const PATH =
    /(?<![\w./@-])((?:docs|packages|services|scripts|test|bench|postman|docker|deploy)\/[\w./$-]*\w\.(?:ts|tsx|mjs|md|json|ya?ml|css))\b/g;
  const broken = texts.flatMap((path) =>
    [...contentOf(path).matchAll(PATH)]
      .map(([, named = ""]) => named)
      .filter((named) => !exists(named) && !exists(join(dirname(path), named)))
      .map((named) => `${path}: ${named}`),
  );
  expect([...new Set(broken)]).toEqual([]);
});

test("every decision says when it was made and whether it still holds", () => {
  const decisions = files.filter((path) => /^docs\/decisions\/\d{3}-.*\.md$/.test(path));
  expect(decisions.length).toBeGreaterThan(0);
  const lacking = decisions.filter(
    (path) =>
      !/^# \d{3}: .+\n\nDate: \d{4}-\d{2}-\d{2}\\?\nStatus: (accepted|superseded by (\[?\d{3}))/.test(
        contentOf(path),
      ),
  );
  expect(lacking).toEqual([]);
});

test("no two decisions and no two migrations share a number", () => {
  const numbers = files.flatMap(
    (path) => /(decisions|migrations)\/(\d{3})-/.exec(path)?.slice(1).join("/") ?? [],
  );
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});
