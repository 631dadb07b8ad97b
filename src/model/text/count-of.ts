// Numbers of things in words.

/** A whole number of things: "1 service", "17 services". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
