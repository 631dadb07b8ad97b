// The age of the data in words; the server writes it into a page, and the page's scripts keep it current.

/** "just now", "2 min ago". */
export function formatAgo(seconds: number): string {
  return seconds < 60 ? 'just now' : `${formatAge(seconds)} ago`;
}

/** "2 min", "3 h", "5 days". */
export function formatAge(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
