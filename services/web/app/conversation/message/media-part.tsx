import { useState } from "react";
import { Download, Phone } from "lucide-react";
import type { Media } from "@fio/contracts";
import { useTranslation } from "../../i18n/context.tsx";
import { useWords } from "../../i18n/later.ts";
import { Icon } from "../../ui/icons.tsx";
import { MediaFault } from "./media-fault.tsx";
import { MediaFile } from "./media-file.tsx";
import { MediaPicture } from "./media-picture.tsx";
import { sizeIn } from "./media-size.ts";
import { MEDIA_WORDS } from "./media-words.ts";
import { whyNot, type WhyNot } from "./why-not.ts";

/** A file where its address is known, else what is known of it and where it can be seen. */
export default function MediaPart({ media, source }: { media: Media; source: string }) {
  const say = useWords(MEDIA_WORDS);
  const { language } = useTranslation();
  const [why, setWhy] = useState<WhyNot | null>(null);
  const again = (): void => setWhy(null);
  const failed = (): void => void whyNot(source).then(setWhy);
  const kind = say(media.voice === true ? "voice" : media.kind);
  const name = media.name ?? kind;
  const size = media.size === undefined ? null : sizeIn(language, media.size);

  if (media.url === undefined) {
    const told = [media.name === undefined ? null : kind, media.mime_type?.split(";", 1)[0], size];
    return (
      <>
        <div className="media-file">
          <Icon of={Phone} />
          <span>
            <bdi>{name}</bdi>
            <small>{told.filter((part) => part != null).join(", ")}</small>
          </span>
        </div>
        <p className="media-foot">{say("away")}</p>
      </>
    );
  }
  if (media.kind === "document") {
    return (
      <>
        <MediaFile className="media-file" source={source} failed={setWhy}>
          <Icon of={Download} />
          <span>
            <bdi>{name}</bdi>
            <small>{[say("download"), size].filter((part) => part !== null).join(", ")}</small>
          </span>
        </MediaFile>
        {why === null ? <p className="media-foot">{say("kept")}</p> : <MediaFault why={why} again={again} />}
      </>
    );
  }
  const Player = media.kind === "audio" || media.kind === "video" ? media.kind : null;
  return (
    <>
      {why !== null ? (
        <div className="media-view">
          <MediaFault why={why} again={again} />
        </div>
      ) : Player !== null ? (
        <Player
          className="media-view"
          src={source}
          controls
          preload="none"
          aria-label={name}
          onError={failed}
        />
      ) : (
        <MediaPicture source={source} name={name} failed={failed} />
      )}
      {why === null && (
        <div className="media-foot">
          <div>
            {media.name !== undefined && <bdi>{media.name}</bdi>}
            {size !== null && <span>{size}</span>}
            <MediaFile source={source} failed={setWhy}>
              {say("download")}
            </MediaFile>
          </div>
          {say("kept")}
        </div>
      )}
    </>
  );
}
