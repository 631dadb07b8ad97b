// Times for people: in the local zone, to the minute or the second.

/** `2026-11-21 14:35:00`, in the zone of this machine. */
export function formatLocal(timeS: number): string {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
  return format.format(new Date(timeS * 1000));
}
