/**
 * Shares answers among those that ask at one time, so that at most one question is under way: each gets the answer to a
 * question that was asked after it came.
 */
export function askedAfterwards<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let underWay: Promise<Answer> | null = null;
  let next: Promise<Answer> | null = null;
  const start = (): Promise<Answer> => {
    const question = ask().finally(() => {
      if (underWay === question) underWay = null;
    });
    underWay = question;
    return question;
  };
  return () => {
    if (underWay === null) return start();
    next ??= underWay
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        next = null;
        return start();
      });
    return next;
  };
}
