/** Message content is text and never markup; if markup slips through, its scripts do not run. */
export function securityHeaders({ nonce }: { nonce: string }): Record<string, string> {
  return {
    "Content-Security-Policy": [
      "default-src 'none'",
      `script-src 'self' 'nonce-${nonce}'`,
      // Radix and the toasts write <style> elements, virtual lists write heights.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      // Files that customers sent come through the app itself.
      "media-src 'self'",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "manifest-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    // Not "no-referrer": forms would then be sent with the origin "null", like forged ones.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  };
}
