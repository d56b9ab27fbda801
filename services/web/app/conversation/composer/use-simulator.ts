import { useRouteLoaderData } from "@remix-run/react";
import type { loader } from "../../root.tsx";

/** Whether this deployment lets agents write as if they were the customer. */
export const useSimulator = (): boolean => useRouteLoaderData<typeof loader>("root")?.simulator ?? false;
