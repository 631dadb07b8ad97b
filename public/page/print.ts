// Printed pages are light: reports the change before the page is printed, and after it.

/** Calls back with whether the page is being printed, whenever that changes. */
export function watchPrint(onChange: (isPrinted: boolean) => void): void {
  let isPrinted = false;
  const set = (now: boolean) => {
    if (now === isPrinted) return;
    isPrinted = now;
    onChange(now);
  };
  addEventListener('beforeprint', () => set(true));
  addEventListener('afterprint', () => set(false));
  matchMedia('print').addEventListener('change', ({ matches }) => set(matches));
}
