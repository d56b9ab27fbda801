import type { KeyboardEvent, RefObject } from "react";
import { breaksLines } from "../../device/use-media.ts";
import { calls } from "../../keys/strokes.ts";
import { holdsOnlyFiles } from "./refused-files.ts";

/**
 * Grows with its text. Enter sends, but not the Enter that ends an input method's composition, and not on a touch
 * keyboard, which has no other key to break a line with.
 */
export function ComposerField({
  field,
  id,
  text,
  write,
  send,
  invalid,
  describedBy,
  placeholder,
  escape,
  takes,
  refuseFiles,
}: {
  field: RefObject<HTMLTextAreaElement>;
  id: string;
  text: string;
  write: (text: string) => void;
  send: () => void;
  invalid: boolean;
  describedBy?: string | undefined;
  placeholder: string;
  escape: () => void;
  /** Asked first: true when a key was for something above the field. */
  takes?: (event: KeyboardEvent) => boolean;
  refuseFiles: () => void;
}) {
  return (
    <div className="mirror" data-text={text}>
      <textarea
        ref={field}
        id={id}
        name="content"
        rows={1}
        dir="auto"
        autoComplete="off"
        value={text}
        placeholder={placeholder}
        aria-invalid={invalid}
        aria-describedby={invalid ? "left" : describedBy}
        onChange={(event) => write(event.currentTarget.value)}
        onPaste={(event) => {
          if (!holdsOnlyFiles(event.clipboardData)) return;
          event.preventDefault();
          refuseFiles();
        }}
        onKeyDown={(event) => {
          // Safari reports 229 for the Enter that ends a composition, after it has ended.
          // eslint-disable-next-line @typescript-eslint/no-deprecated
          const composing = event.nativeEvent.isComposing || event.keyCode === 229;
          if (composing || takes?.(event) === true) return;
          if (calls(event, "send")) {
            if (breaksLines()) return;
            event.preventDefault();
            // Held down it sends once, and nothing that came into the field meanwhile.
            if (!event.repeat) send();
          } else if (calls(event, "leave")) {
            event.stopPropagation();
            escape();
          }
        }}
      />
    </div>
  );
}
