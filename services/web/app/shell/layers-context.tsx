import { createContext, useContext } from "react";

export type Layer = "palette" | "shortcuts" | "live";
export type Layers = { current: Layer | null; open: (layer: Layer) => void; close: () => void };

export const LayersContext = createContext<Layers>({ current: null, open: () => {}, close: () => {} });

/** The dialogs that belong to no page. */
export const useLayers = (): Layers => useContext(LayersContext);
