export * from "./timestamp.ts";
export * from "./receipt.ts";
export * from "./event.ts";
export * from "./outcome.ts";
export * from "./job.ts";
export * from "./problem.ts";
export * from "./conversation.ts";
export * from "./change.ts";
