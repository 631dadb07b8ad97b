// The forms of order and number: what is chosen holds at once, without a button.

/** Sends a form as soon as something else is chosen in it. */
export function watchOrder(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form.order')) {
    form.addEventListener('change', () => form.requestSubmit());
  }
}
