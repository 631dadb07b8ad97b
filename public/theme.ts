// Runs before anything is painted, as a small script of its own: takes the theme that was chosen here before, and tells
// the style sheet that there is a script.

const root = document.documentElement;
root.classList.replace('no-js', 'js');
try {
  const chosen = localStorage.getItem('lvs-stats-theme');
  if (chosen === 'light' || chosen === 'dark') root.dataset['theme'] = chosen;
} catch {
  // Storage may be forbidden: then the system's theme is kept.
}
