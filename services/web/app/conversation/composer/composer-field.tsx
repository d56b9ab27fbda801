import type { KeyboardEvent, RefObject } from "react";
import { calls } from "../../keys/strokes.ts";

/** Grows with its text. Enter sends, but not the Enter that ends an input method's composition. */
export function ComposerField({
  field,
  id,
  text,
  write,
  send,
  invalid,
  placeholder,
  escape,
  takes,
}: {
  field: RefObject<HTMLTextAreaElement>;
  id: string;
  text: string;
  write: (text: string) => void;
  send: () => void;
  invalid: boolean;
  placeholder: string;
  escape: () => void;
  /** Asked first: true when a key was for something above the field. */
  takes?: (event: KeyboardEvent) => boolean;
}) {
  return (
    <div className="mirror" data-text={text}>
      <textarea
        ref={field}
        id={id}
        name="content"
        rows={1}
        dir="auto"
        value={text}
        placeholder={placeholder}
        aria-invalid={invalid}
        aria-describedby={invalid ? "left" : undefined}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Safari reports 229 for the Enter that ends a composition, after it has ended.
          // eslint-disable-next-line @typescript-eslint/no-deprecated
          const composing = event.nativeEvent.isComposing || event.keyCode === 229;
          if (composing || takes?.(event) === true) return;
          if (calls(event, "send")) {
            event.preventDefault();
            send();
          } else if (calls(event, "leave")) {
            event.stopPropagation();
            escape();
          }
        }}
      />
    </div>
  );
}
