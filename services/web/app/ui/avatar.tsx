import type { Handle } from "@fio/contracts/handle";

export const Avatar = ({ handle, small = false }: { handle: Handle; small?: boolean }) => (
  <span className={`av hue-${handle.hue} ${small ? "xs" : ""}`} aria-hidden="true">
    {handle.initials}
  </span>
);

/** The name for people, and the last digits to be unambiguous. */
export const HandleText = ({ handle }: { handle: Handle }) => (
  <>
    <bdi className="handle">{handle.name}</bdi> <span className="tail">{handle.tail}</span>
  </>
);
