/**
 * Milliseconds of processor that this thread spends on `work`. A text made to be read slowly takes minutes of it; a
 * clock would also count what else the machine does.
 */
export function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
