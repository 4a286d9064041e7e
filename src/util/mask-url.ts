/** The URL with its password replaced by `***`; also for text that is no valid URL. Hides too much rather than too little. */
export function maskUrl(url: string): string {
  // The password reaches to the last "@": one that holds an unescaped "@", "/" or "#" is hidden whole.
  const masked = url
    .replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/*[^:/?#]*):.*@/s, '$1:***@')
    .replace(/([?&](?:password|passwd|pass|pwd|sslpassword)=)[^&#]*/gi, '$1***');
  // "scheme://user:password" with the host forgotten.
  return masked.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/[^:/?#@]+):(?!\d+(?:[/?#]|$)|\*\*\*@)[^/?#]+/, '$1:***');
}
