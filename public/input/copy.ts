// Copies values: a figure of a legend by a click, the values at the crosshair by the key `c`.

const shownMs = 1200;

/** Copies the figures of a legend that are clicked, and calls back with each. */
export function copyFigures(legend: HTMLElement, onCopied: (text: string) => void): void {
  legend.addEventListener('click', async ({ target }) => {
    const cell = target instanceof Element ? target.closest('td') : null;
    const text = cell?.textContent?.trim() ?? '';
    if (cell === null || text === '' || !(await copyText(text))) return;
    cell.classList.add('copied');
    setTimeout(() => cell.classList.remove('copied'), shownMs);
    onCopied(text);
  });
}

/** Puts a text on the clipboard; false if the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without TLS a page has no clipboard, but may copy a selection.
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.className = 'unseen';
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
