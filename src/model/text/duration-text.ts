// A length of time in words.

/** "50 s", "15 min", "3 h 15 min", "2 days 4 h". */
export function formatDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  const days = Math.floor(hours / 24);
  if (days === 0) return twoUnits(`${hours} h`, minutes % 60, 'min');
  return twoUnits(days === 1 ? '1 day' : `${days} days`, hours % 24, 'h');
}

function twoUnits(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}
