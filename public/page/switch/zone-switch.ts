// The choice of the time zone: the server's, the browser's, or UTC. A cookie keeps it, since the server writes the times of a
// page.

/** Sets up the choice, if the page has one. `base` is the path of the viewer. */
export function setUpZoneSwitch(select: HTMLElement | null, base: string): void {
  if (!(select instanceof HTMLSelectElement)) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const browser = select.querySelector<HTMLOptionElement>('option[value=browser]');
  if (browser !== null) browser.title = own;
  select.addEventListener('change', () => {
    const zone = select.value === 'browser' ? own : select.value === 'utc' ? 'UTC' : '';
    const ageS = zone === '' ? 0 : 365 * 86_400;
    // biome-ignore lint/suspicious/noDocumentCookie: cookieStore needs TLS
    document.cookie = `lvs-stats-zone=${encodeURIComponent(zone)}; path=${base}/; max-age=${ageS}; samesite=lax`;
    location.reload();
  });
}
