import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Folders whose files take longest, the longest first: none of them may be left for the end, when nothing runs beside. */
const SLOW = ["/test/browser/", "/test/pipeline/", "/services/conversations/src/store/"];

const rank = ({ moduleId }: TestSpecification): number => {
  const index = SLOW.findIndex((folder) => moduleId.includes(folder));
  return index === -1 ? SLOW.length : index;
};

/** On a fresh clone nothing is known of how long each file takes; without that the order would be by size. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
