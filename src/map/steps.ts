// Long computations in steps, so that whoever runs one may do something else in between.

/** A computation that pauses after each step; its value is the result. */
export type Steps<T> = Generator<undefined, T>;

/** Runs all steps without a pause. Throws what they throw. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Numbers that are sorted at once, and those that are merged in a step. */
const perStep = 256;

type Compare = (a: number, b: number) => number;

/** Sorts numbers, such as indexes, stably. */
export function* sortedInSteps(numbers: readonly number[], compare: Compare): Steps<readonly number[]> {
  let runs: (readonly number[])[] = [];
  for (let i = 0; i < numbers.length; i += perStep) {
    runs.push(numbers.slice(i, i + perStep).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: (readonly number[])[] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* merge(runs[i] ?? [], runs[i + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge(a: readonly number[], b: readonly number[], compare: Compare): Steps<readonly number[]> {
  const merged: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (right === undefined || (left !== undefined && compare(left, right) <= 0)) {
      merged.push(left ?? 0);
      i += 1;
    } else {
      merged.push(right);
      j += 1;
    }
    if (merged.length % perStep === 0) yield;
  }
  return merged;
}
