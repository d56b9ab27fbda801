/** A way into the store that is not the product's own: to look at it whole, and to hold it up. */
export type StoreProbe = {
  dialect: "sqlite" | "postgres";
  rows: <Row>(text: string) => Promise<Row[]>;
  /** Executes one statement. */
  run: (text: string) => Promise<void>;
  /** Until it is released no transaction that writes can get through; readers can. */
  hold: () => Promise<() => Promise<void>>;
  /** Lets go of the store; the next look opens it again. */
  close: () => Promise<void>;
};
