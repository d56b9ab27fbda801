import type { Media } from "@fio/contracts";
import { onDemand } from "../../ui/on-demand.tsx";

const MediaPart = onDemand(() => import("./media-part.tsx"));

/** The file that a message is about, in a box of its size from the start. `source`: where the app gives it out. */
export const MediaBox = ({ media, source }: { media: Media; source: string }) => (
  <div className={`media ${media.kind}${media.url === undefined ? " away" : ""}`}>
    <MediaPart media={media} source={source} />
  </div>
);
