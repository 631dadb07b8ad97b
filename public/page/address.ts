// Keeps the view in the page's address, so that a link shows the same and Back works, and in the page's links, so that the
// reader stays in the shown span.

import { type Choices, choiceFields, withChoices } from './choices.js';
import { element } from './element.js';
import { formatView, parseView, type View, withView } from './view.js';

/** The number of history steps that this page made. */
interface Steps {
  readonly steps: number;
}

/** The page's address. */
export class Address {
  readonly #first: View;
  readonly #chip: HTMLButtonElement;
  readonly #current: Element | null;

  /** `first` is the view that the page was made with; `onChange` receives the view in the address after Back and Forward. */
  constructor(first: View, onChange: (view: View) => void, onReset: () => void) {
    this.#first = first;
    this.#current = document.querySelector('.periods [aria-current]');
    this.#chip = element('button', {
      type: 'button',
      class: 'zoomed',
      hidden: '',
      title: 'Back to the original time range (0)',
    });
    this.#chip.addEventListener('click', onReset);
    document.querySelector('.periods')?.append(this.#chip);
    // Only the server resolves a time such as 3d, so Back returns to its resolved form.
    const query = new URLSearchParams(location.search);
    if ('startS' in first && (query.has('since') || query.has('until'))) {
      history.replaceState(history.state, '', withView(location.pathname + location.search + location.hash, first));
    }
    addEventListener('popstate', () => onChange(parseView(location.search) ?? { period: 'day' }));
  }

  /** Is there a step back that this page made? */
  get canGoBack(): boolean {
    return stepsIn(history.state) > 0;
  }

  /** Writes a view into the address, as its own history step. */
  push(view: View): void {
    const state: Steps = { steps: stepsIn(history.state) + 1 };
    history.pushState(state, '', withView(location.pathname + location.search, view));
  }

  /** Writes choices into the address, in this step of the history or as one of its own, and into the links of the spans. */
  keep(choices: Choices, isStep = false): void {
    const here = withChoices(location.pathname + location.search + location.hash, choices);
    const state: Steps = { steps: stepsIn(history.state) + (isStep ? 1 : 0) };
    if (isStep) history.pushState(state, '', here);
    else history.replaceState(state, '', here);
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.periods a')) {
      link.href = withChoices(link.getAttribute('href') ?? '', choices);
    }
    for (const form of document.querySelectorAll<HTMLFormElement>('.periods form')) {
      for (const input of form.querySelectorAll('input[name=hide], input[name=full]')) input.remove();
      for (const [name, value] of choiceFields(choices)) form.append(element('input', { type: 'hidden', name, value }));
    }
  }

  /** Points links and forms of the page to the shown span; `label` is its name. */
  carry(view: View, label: string): void {
    const isFirst = formatView(view) === formatView(this.#first);
    this.#chip.hidden = isFirst;
    this.#chip.textContent = `${label} ✕`;
    if (isFirst) this.#current?.setAttribute('aria-current', 'true');
    else this.#current?.removeAttribute('aria-current');
    for (const link of document.querySelectorAll<HTMLAnchorElement>('.views a, .order a, main a.carries')) {
      link.href = withView(link.getAttribute('href') ?? '', view);
    }
    for (const form of document.querySelectorAll<HTMLFormElement>('form.search, form.order')) fillForm(form, view);
  }
}

function fillForm(form: HTMLFormElement, view: View): void {
  for (const input of form.querySelectorAll('input[name=period], input[name=since], input[name=until]')) input.remove();
  for (const [name, value] of new URLSearchParams(formatView(view))) {
    form.append(element('input', { type: 'hidden', name, value }));
  }
}

function stepsIn(state: unknown): number {
  return typeof state === 'object' && state !== null && 'steps' in state && typeof state.steps === 'number'
    ? state.steps
    : 0;
}
