import type { RivalName } from "../rivals/index.ts";
import type { StoreKind } from "../systems/system.ts";

/** A service with a number of workers and a store: started once a round for all of its cells. */
export type Subject =
  | { kind: "rival"; name: RivalName; store: StoreKind | null }
  | { kind: "fio"; workers: number; store: StoreKind; big?: boolean };

/** What of a load is left to say once the subject is known; `seconds` and `most` follow from the profile. */
export type Shape = {
  connections: number;
  events: number;
  /** `hot`: all messages to one conversation. */
  traffic: "messages" | "mixed" | "hot";
  /** Events a second; `half`: of what the same subject accepts without a limit. */
  rate?: number | "half";
  /** The workers stand still during the load, and then work off what waits. */
  held?: boolean;
};

/** One thing that is measured in each round. Cells of one group and shape are compared. */
export type Cell = { group: string; subject: Subject; shape: Shape };

const rival = (name: RivalName, store: StoreKind | null = "postgres"): Subject => ({
  kind: "rival",
  name,
  store,
});
const fio = (workers: number, store: StoreKind = "postgres"): Subject => ({ kind: "fio", workers, store });

const BARE = rival("bare-http", null);
const EXPRESS = rival("express-zod", null);
const QUEUED = rival("textbook");
const SYNCHRONOUS = rival("synchronous");
const INSERTS = rival("set-inserts");

const single: Shape = { connections: 64, events: 1, traffic: "messages" };
const held = (shape: Shape): Shape => ({ ...shape, held: true });

function cells(group: string, shape: Shape, subjects: readonly Subject[]): Cell[] {
  return subjects.map((subject) => ({ group, subject, shape }));
}

const connections = [1, 16, 64, 256].flatMap((count) => {
  const shape = { ...single, connections: count };
  return [
    ...cells("connections", shape, [BARE, EXPRESS, QUEUED, SYNCHRONOUS, INSERTS, fio(1)]),
    ...cells("connections", held(shape), [fio(1)]),
  ];
});

const stores = [
  ...cells("stores and workers", single, [
    rival("textbook", "sqlite"),
    rival("synchronous", "sqlite"),
    fio(1, "sqlite"),
    fio(2, "sqlite"),
    fio(1),
    fio(2),
  ]),
  ...cells("stores and workers", held(single), [QUEUED, fio(1, "sqlite"), fio(1), fio(2)]),
];

const arrays = [10, 100, 1_000].flatMap((events) => {
  const shape: Shape = { connections: 16, events, traffic: "messages" };
  return [
    ...cells("arrays", shape, [BARE, EXPRESS, rival("add-bulk"), SYNCHRONOUS, INSERTS, fio(1)]),
    ...cells("arrays", held(shape), [fio(1)]),
  ];
});

const mixed = cells("mixed", { ...single, traffic: "mixed" }, [
  QUEUED,
  SYNCHRONOUS,
  fio(1),
  fio(1, "sqlite"),
]);

const hot = [
  ...cells("one hot conversation", { ...single, traffic: "hot" }, [QUEUED, SYNCHRONOUS, fio(1)]),
  ...cells("one hot conversation", held({ ...single, traffic: "hot" }), [fio(1)]),
];

const paced = cells("1,000 events a second", { ...single, rate: 1_000 }, [
  QUEUED,
  SYNCHRONOUS,
  fio(1),
  fio(1, "sqlite"),
]);

const half = cells("half the most", { ...single, rate: "half" }, [fio(1), fio(1, "sqlite")]);

const sizes = [
  ...cells("size of the store", single, [fio(1), { ...fio(1), big: true } as Subject]),
  ...cells("size of the store", held(single), [fio(1), { ...fio(1), big: true } as Subject]),
];

/** Everything that is held against each other, by group; `big` with the store that takes long to fill. */
export const cellsOf = ({ big }: { big: boolean }): Cell[] => [
  ...connections,
  ...stores,
  ...arrays,
  ...mixed,
  ...hot,
  ...paced,
  ...half,
  ...(big ? sizes : []),
];

/** Of what is compared side by side: alternates in each round. */
export const comparisonOf = ({ group, shape: { held: _held, ...shape } }: Cell): string =>
  `${group} ${JSON.stringify(shape)}`;

/** The same for the cells that one started service serves. */
export const subjectKey = (subject: Subject): string => JSON.stringify(subject);
