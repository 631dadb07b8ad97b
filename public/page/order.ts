// Controls of a page: a choice of order or number applies at once, without a button, and the bar of a narrow page opens.

/** Submits a form as soon as its choice changes. */
export function watchOrder(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form.order')) {
    form.addEventListener('change', () => form.requestSubmit());
  }
}

/** Lets the button in the bar of a narrow page show the rest of the bar. */
export function watchMore(): void {
  const button = document.querySelector<HTMLButtonElement>('.bar .more');
  button?.addEventListener('click', () => {
    const isOpen = button.closest('.bar')?.classList.toggle('open') ?? false;
    button.setAttribute('aria-expanded', String(isOpen));
  });
}

/** Opens the bar of a narrow page: its controls have to be seen. */
export function openBar(): void {
  const bar = document.querySelector('.bar:not(.open)');
  bar?.classList.add('open');
  bar?.querySelector('.more')?.setAttribute('aria-expanded', 'true');
}
