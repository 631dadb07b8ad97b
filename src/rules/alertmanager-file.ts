// The configuration of Alertmanager: one notification for each cause, and nothing of what a wider cause explains. It matches labels, not names
// of alerts, so that an alert from elsewhere (a switch that is down) can be the wider cause.
// https://prometheus.io/docs/alerting/latest/configuration/

import { comment } from './rule.js';
import { durationText, type RuleTimes } from './times.js';

/** The name of the file. */
export const alertmanagerFileName = 'alertmanager.yml';

/** The receivers that the routes name. */
export const receiverNames = ['lvs-pages', 'lvs-watchdog', 'others'] as const;

/** Receivers without a destination: Alertmanager starts with them, and shows the alerts. */
export const emptyReceivers = `# Nobody is notified yet: put the destinations into a file of your own, and name it with --receivers.
receivers:
${receiverNames.map((name) => `  - name: ${name}\n`).join('')}`;

/** The text of the file; `receivers` is YAML with the key `receivers`, and perhaps `global` and `templates`. */
export function alertmanagerFile({ apartS, stepS, keptS }: RuleTimes, receivers: string): string {
  const wait = durationText(apartS);
  const head = comment(
    'Routes and inhibition for the alerts of lvs.rules.yml: each cause is one notification. Change the policy or the file of ' +
      '--receivers rather than this file, and run "lvs-stats alerts" again. amtool check-config passes files with which Alertmanager does not start: ' +
      'start it to be sure.',
    0,
  );
  return `${head}${receivers.trimEnd()}

route:
  # Alerts of other rules.
  receiver: others
  routes:
    - matchers: ['alertname="LvsWatchdog"']
      receiver: lvs-watchdog
      group_wait: 0s
      group_interval: ${durationText(stepS)}
      repeat_interval: ${durationText(stepS)}
    - matchers: ['alertname=~"Lvs.+"']
      receiver: lvs-pages
      group_by: [cause]
      # As long as two alerts of one cause may be apart, so that the wider one is there before the first notification.
      group_wait: ${wait}
      group_interval: ${durationText(Math.max(stepS, apartS))}
      repeat_interval: ${durationText(Math.max(4 * 3600, keptS))}

inhibit_rules:
${inhibitions}`;
}

/** A source must have its own label: two alerts that both lack a label would count as equal. */
const inhibitions = `  # A data centre, a rack or a host explains what stands in it.
  - source_matchers: ['level="dc"', 'dc!=""']
    target_matchers: ['level=~"rack|host|service|server"']
    equal: [dc]
  - source_matchers: ['level="rack"', 'rack!=""']
    target_matchers: ['level=~"host|service|server"']
    equal: [rack]
  - source_matchers: ['level="host"', 'host!=""']
    target_matchers: ['level=~"service|server"']
    equal: [host, rack, dc]
  # A service that fails by itself explains its real servers; one that stands on a dead host has a host.
  - source_matchers: ['level="service"', 'service!=""', 'host=""']
    target_matchers: ['level="server"']
    equal: [service]
  # A critical alert, the warning beside it.
  - source_matchers: ['severity="critical"', 'cause!=""']
    target_matchers: ['severity="warning"']
    equal: [cause]
`;
