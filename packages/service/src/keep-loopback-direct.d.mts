export function keepLoopbackDirect(environment: Record<string, string | undefined>): void;
