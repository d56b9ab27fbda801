/** What `work` gives, or after `limitMs` a fault whose message says that it timed out. */
export function within<Value>(limitMs: number, work: Promise<Value>, message: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(Object.assign(new Error(message), { code: "ETIMEDOUT" })), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(limit));
  });
}
