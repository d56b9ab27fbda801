/** What anybody may open, and nothing else. */
export const OPEN_PAGES = [
  ...["/sign-in", "/sign-in/code", "/sign-in/oidc", "/sign-in/oidc/callback"],
  ...["/welcome", "/preferences"],
];
