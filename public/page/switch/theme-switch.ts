// The button that cycles through the themes: system, light, dark. The choice is remembered if the browser allows it.

const choices = ['auto', 'light', 'dark'] as const;
type Choice = (typeof choices)[number];

const words: Readonly<Record<Choice, string>> = {
  auto: '◐ auto',
  light: '○ light',
  dark: '● dark',
};

/** Sets up the button, if the page has one, and calls back whenever the theme changes. Returns the action of the key `t`. */
export function setUpThemeSwitch(button: HTMLElement | null, onChange: () => void): () => void {
  const root = document.documentElement;
  const say = () => {
    const choice = chosenTheme(root);
    if (button === null) return;
    button.textContent = words[choice];
    button.setAttribute('aria-label', `Theme: ${choice}`);
    button.title = 'Theme: system, light, dark (t)';
  };
  const next = () => {
    const choice = choices[(choices.indexOf(chosenTheme(root)) + 1) % choices.length] ?? 'auto';
    root.dataset['theme'] = choice;
    remember(choice);
    say();
    onChange();
  };
  say();
  button?.addEventListener('click', next);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  return next;
}

function chosenTheme({ dataset }: HTMLElement): Choice {
  return choices.find((choice) => choice === dataset['theme']) ?? 'auto';
}

function remember(choice: Choice): void {
  try {
    localStorage.setItem('lvs-stats-theme', choice);
  } catch {
    // Storage may be forbidden: the choice then holds for this page.
  }
}
