// Servers that say anything: whatever they send, a probe ends with a verdict, has left, and has taken a bounded number of bytes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ProbeKind, probeApplication } from '../../../src/agent/peers/application.js';
import { patienceMs, until } from '../../until.js';
import { kinds } from './cases.js';
import { conversations, loginFor, rightScript } from './right-servers.js';
import { type Script, startScripted, targetOf } from './scripted-server.js';

const spoken = kinds.filter((kind): kind is Exclude<ProbeKind, 'tcp'> => kind !== 'tcp');

/** Probes a server of its own: what a probe has learnt about another does not count. */
const ask = async (kind: ProbeKind, script: Script): Promise<string> => {
  const server = await startScripted(script);
  const { state, detail } = await probeApplication(targetOf(kind, server.port, loginFor(kind)), patienceMs);
  expect(detail).toMatch(/^[\x20-\x7e]+$/);
  await server.untilLeft();
  await server.close();
  return state;
};

/** The first words of a kind's server. */
const firstOf = (kind: Exclude<ProbeKind, 'tcp'>): Buffer => {
  const [part = ''] = conversations[kind].parts;
  return Buffer.from(typeof part === 'function' ? part(Buffer.alloc(0)) : part);
};

describe.each(spoken)('a probe of %s', (kind) => {
  test('survives random bytes, however they are split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 5 }), async (chunks) => {
        const state = await ask(kind, (line) => {
          for (const chunk of chunks) line.say(chunk);
          line.end();
        });
        expect(state).toMatch(/^(refused|wrong-protocol)$/);
      }),
      { numRuns: 25 },
    );
  });

  test('survives a right answer with wrong bytes', async () => {
    const right = firstOf(kind);
    const damage = fc.array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(right);
        for (const [at, byte] of changes) bytes[at] = byte;
        await ask(kind, (line) => {
          line.say(bytes);
          line.end();
        });
      }),
      { numRuns: 25 },
    );
  });

  test('takes no part of an answer for the whole', async () => {
    const right = firstOf(kind);
    const lengths = Array.from(right.keys()).filter(
      (length) => length < 12 || length % 7 === 0 || length > right.length - 6,
    );
    for (const length of lengths) {
      const state = await ask(kind, (line) => {
        line.say(right.subarray(0, length));
        line.end();
      });
      expect([length, state]).toEqual([length, expect.stringMatching(/^(refused|wrong-protocol)$/)]);
    }
  });

  test('takes an answer that drips', async () => {
    const right = rightScript(kind, false);
    const dripping: Script = (line) =>
      right({
        ...line,
        say: (bytes) => {
          for (const byte of Buffer.from(bytes)) line.say(Buffer.from([byte]));
        },
      });
    expect(await ask(kind, dripping)).toBe('up');
  });

  test('takes a bounded part of what has no end', async () => {
    const endings = {
      http: 'HTTP/1.1 100 Continue\r\n\r\n',
      websocket: 'HTTP/1.1 200 OK\r\nA: b\r\nC: ',
      redis: '+PON',
    };
    const beginning = Buffer.from(kind in endings ? endings[kind as keyof typeof endings] : firstOf(kind));
    const state = await ask(kind, (line) => {
      line.say(beginning);
      for (let sent = 0; sent < 2 ** 22; sent += 2 ** 16) line.say(Buffer.alloc(2 ** 16, 'x'));
    });
    expect(state).toBe(kind === 'postgresql' || kind === 'amqp' ? 'up' : 'wrong-protocol');
  });

  test.each([
    ['all ones', 'ff'],
    ['zeros', '00'],
    ['the letters of a frame', '01'],
    ['an R', '52'],
  ])('believes no huge length: %s', async (_, byte) => {
    const state = await ask(kind, (line) => line.say(Buffer.alloc(64, byte, 'hex')));
    expect(state).toBe('wrong-protocol');
  });
});

test('leaves no handle open: 200 probes at once', async () => {
  const handles = (): number => process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS)/.test(name)).length;
  const before = handles();
  const server = await startScripted(rightScript('redis', false));
  const asked = Array.from({ length: 200 }, (_, i) =>
    probeApplication(targetOf(i % 2 === 0 ? 'redis' : 'http', server.port), patienceMs),
  );
  const states = (await Promise.all(asked)).map(({ state }) => state);
  expect(states.filter((state) => state === 'up')).toHaveLength(100);
  expect(states.filter((state) => state === 'wrong-protocol')).toHaveLength(100);
  await server.untilLeft();
  await server.close();
  await until('all handles are gone', () => handles() <= before);
});
