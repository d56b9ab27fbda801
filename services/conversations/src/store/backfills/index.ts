import type { Backfill } from "./backfill.ts";
import { contentHashes } from "./content-hashes.ts";
import { failedAnswers } from "./failed-answers.ts";
import { latePlaces } from "./late-places.ts";
import { handles } from "./handles.ts";
import { phoneNumbers } from "./phone-numbers.ts";
import { placesOfConversations } from "./places-of-conversations.ts";
import { placesOfMessages } from "./places-of-messages.ts";
import { unanswered } from "./unanswered.ts";
import { vocabulary } from "./vocabulary.ts";

export { runBackfills } from "./run.ts";

/** In the order in which they are worked on. One that is finished in every store that is in use may go. */
export const BACKFILLS: readonly Backfill[] = [
  contentHashes,
  placesOfMessages(),
  placesOfConversations(),
  phoneNumbers,
  latePlaces(),
  unanswered(),
  handles,
  vocabulary,
  failedAnswers(),
];
