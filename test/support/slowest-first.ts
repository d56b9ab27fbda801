import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files take longest, the longest first: none of them may be left for the end, when nothing runs beside. */
const SLOW = ["/test/pipeline/", "/services/conversations/src/store/", "/services/conversations/src/worker/"];

const rank = ({ moduleId }: TestSpecification): number => {
  const index = SLOW.findIndex((folder) => moduleId.includes(folder));
  return index === -1 ? SLOW.length : index;
};
const drawsPages = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/test/browser/");

/**
 * On a fresh clone nothing is known of how long each file takes; without that the order would be by size. Browsers need all
 * of a processor and other tests mostly wait: one file of each after the other, so that few browsers run at once.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const pages = sorted.filter(drawsPages);
    const others = sorted.filter((file) => !drawsPages(file)).toSorted((a, b) => rank(a) - rank(b));
    return others
      .flatMap((file, at) => [...pages.slice(at, at + 1), file])
      .concat(pages.slice(others.length));
  }
}
