// Two digits for the parts of dates and times.

/** A whole number below 100 with a leading zero: "07". */
export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
