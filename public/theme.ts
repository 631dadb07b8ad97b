// Runs before anything is painted, as a separate small script: applies the theme chosen earlier, and tells the style sheet that
// scripts run.

const root = document.documentElement;
root.classList.replace('no-js', 'js');
try {
  const chosen = localStorage.getItem('lvs-stats-theme');
  if (chosen === 'light' || chosen === 'dark') root.dataset['theme'] = chosen;
} catch {
  // Storage may be forbidden: then the system's theme applies.
}
