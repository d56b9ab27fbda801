import type { LucideIcon } from "lucide-react";

/** Lucide's outline, drawn by the style sheet's own stroke and size. */
export function Icon({ of: Drawing, className = "" }: { of: LucideIcon; className?: string }) {
  return <Drawing className={`i ${className}`} aria-hidden="true" />;
}

const svg = { viewBox: "0 0 24 24", "aria-hidden": true } as const;

/** A tick in a disc: applied. */
export const DoneIcon = ({ className = "" }: { className?: string }) => (
  <svg {...svg} className={`i ${className}`}>
    <circle cx="12" cy="12" r="10" fill="currentColor" stroke="none" />
    <path d="m7.6 12.4 3 3 5.8-6.2" stroke="var(--tick-on, #fff)" strokeWidth="2.4" />
  </svg>
);

/** A disc with an exclamation mark: refused, or not sent. */
export const FailIcon = ({ className = "" }: { className?: string }) => (
  <svg {...svg} className={`i ${className}`}>
    <circle cx="12" cy="12" r="10" fill="currentColor" stroke="none" />
    <path d="M12 7v5.5M12 16.4h.01" stroke="var(--tick-on, #fff)" strokeWidth="2.6" />
  </svg>
);

/** The thread of the brand. */
export const FioIcon = ({ className = "" }: { className?: string }) => (
  <svg viewBox="0 0 32 32" aria-hidden="true" className={`i ${className}`}>
    <path d="M19.5 6.3c-.9-.5-1.9-.7-2.9-.7-3 0-4.6 1.9-4.6 5V26.5" strokeWidth="2.8" />
    <path d="M6.5 14.5H13c5.2 0 5 4.8 8.6 4.8 1.7 0 3-1 4.4-2.8" strokeWidth="2.8" />
  </svg>
);
