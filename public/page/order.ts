// The forms of order and number: a choice applies at once, without a button.

/** Submits a form as soon as its choice changes. */
export function watchOrder(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form.order')) {
    form.addEventListener('change', () => form.requestSubmit());
  }
}
