import type { ReactNode } from "react";

/** A page that has the whole stage, beside the rail. */
export const Stage = ({ children }: { children: ReactNode }) => (
  <div className="stage">
    <main className="pane" id="content">
      {children}
    </main>
  </div>
);
