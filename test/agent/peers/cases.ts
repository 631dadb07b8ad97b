// The cases that each kind has, in clear text and in TLS.

import { afterEach, describe, expect, test } from 'vitest';
import {
  type ApplicationTarget,
  type ProbeKind,
  probeApplication,
  type Verdict,
} from '../../../src/agent/peers/application.js';
import { dialogues } from '../../../src/agent/peers/kinds/registry.js';
import { patienceMs } from '../../until.js';
import { conversations, loginFor, rightScript } from './right-servers.js';
import { type Pair, type Script, type ScriptedServer, startScripted, targetOf } from './scripted-server.js';

/** The kinds. */
export const kinds = Object.keys(dialogues) as readonly ProbeKind[];

/** Tries with ever more time until the verdict has a state: a probe of a busy machine may need more than that of an idle one. */
async function untilState(target: ApplicationTarget, state: Verdict['state']): Promise<Verdict> {
  let verdict = await probeApplication(target, 100);
  for (let timeoutMs = 400; verdict.state !== state && timeoutMs < patienceMs; timeoutMs *= 4)
    verdict = await probeApplication(target, timeoutMs);
  return verdict;
}

/** Describes the cases of all kinds; `pair` is null in clear text. */
export function describeCases(pair: () => Pair | null, tls: boolean): void {
  let servers: ScriptedServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
  });

  const start = async (kind: ProbeKind, script: Script): Promise<ApplicationTarget> => {
    const startsTls = tls && !dialogues[kind].startsTls;
    const server = await startScripted(script, { pair: pair(), startsTls });
    servers.push(server);
    return targetOf(kind, server.port, { tls, ...loginFor(kind) });
  };
  const startPlain = async (kind: ProbeKind, script: Script): Promise<ApplicationTarget> => {
    const server = await startScripted(script);
    servers.push(server);
    return targetOf(kind, server.port, { tls, ...loginFor(kind) });
  };
  const untilLeft = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.untilLeft())));

  describe.each(kinds)('%s', (kind) => {
    test('is up if it answers as it should, and the probe has left', async () => {
      const target = await start(kind, rightScript(kind, tls));
      const { state, ms, detail } = await probeApplication(target, patienceMs);
      expect({ state, detail }).toEqual({ state: 'up', detail: expect.stringMatching(/./) });
      expect(ms).toBeGreaterThan(0);
      await untilLeft();
    });

    test('is refused if nobody listens', async () => {
      const target = await start(kind, () => {});
      await servers.pop()?.close();
      expect(await probeApplication(target, patienceMs)).toMatchObject({
        state: 'refused',
        detail: 'connection refused',
      });
    });

    test('is refused if the connection is closed at once', async () => {
      const target = await startPlain(kind, (line) => line.end());
      expect(await probeApplication(target, patienceMs)).toMatchObject({
        state: 'refused',
        detail: expect.stringMatching(/^(closed the connection without an answer|connection reset)$/),
      });
      await untilLeft();
    });

    if (kind !== 'tcp' || tls)
      test('is down if it accepts and says nothing', async () => {
        const target = await startPlain(kind, () => {});
        const timeoutMs = 60;
        const { state, ms, detail } = await probeApplication(target, timeoutMs);
        expect({ state, detail }).toEqual({ state: 'down', detail: expect.stringMatching(/within 60 ms$/) });
        expect(ms).toBeGreaterThanOrEqual(timeoutMs - 1);
        await untilLeft();
      });

    test('is slow if the right answer comes after half of the time', async () => {
      const right = rightScript(kind, tls);
      const lateMs = patienceMs / 2 + 1;
      let timeMs = 0;
      const target = await start(kind, (line) => {
        timeMs = lateMs;
        return right(line);
      });
      // A plain connection is there before the server knows.
      let looks = 0;
      const steadyMs = (): number => (kind !== 'tcp' ? timeMs : looks++ === 0 ? 0 : lateMs);
      expect(await probeApplication(target, patienceMs, { steadyMs })).toMatchObject({
        state: 'slow',
        ms: lateMs,
      });
      await untilLeft();
    });

    if (kind !== 'tcp')
      test('is slow if an answer begins and does not end', async () => {
        const target = await start(kind, async (line) => {
          const { parts, speaksFirst, tlsBefore } = conversations[kind];
          if (!speaksFirst) await line.hear();
          if (tls && tlsBefore === 0) {
            line.say('S');
            line.secure();
            await line.hear();
          }
          const [part = ''] = parts;
          const bytes = Buffer.from(typeof part === 'function' ? part(Buffer.alloc(0)) : part);
          line.say(bytes.subarray(0, bytes.length - 3));
        });
        expect(await untilState(target, 'slow')).toMatchObject({
          state: 'slow',
          detail: expect.stringMatching(/^began/),
        });
        await untilLeft();
      });

    if (kind !== 'tcp' || tls)
      test('speaks the wrong protocol if it greets as a mail server does', async () => {
        const target = await startPlain(kind, (line) => line.say('220 mx1 ESMTP Postfix\r\n'));
        expect(await probeApplication(target, patienceMs)).toMatchObject({ state: 'wrong-protocol' });
        await untilLeft();
      });

    if (kind !== 'tcp' && tls)
      test('speaks the wrong protocol if it says in TLS what a mail server does', async () => {
        const target = await start(kind, async (line) => {
          if (kind === 'postgresql') {
            await line.hear();
            line.say('S');
            line.secure();
          }
          line.say('220 mx1 ESMTP Postfix\r\n');
        });
        expect(await probeApplication(target, patienceMs)).toMatchObject({
          state: 'wrong-protocol',
          detail: expect.stringContaining('220 mx1'),
        });
        await untilLeft();
      });
  });
}
