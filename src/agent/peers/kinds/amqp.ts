// AMQP 0-9-1 (RabbitMQ): the protocol header, up to the server's Start. A client that leaves there is a warning in RabbitMQ's log; with a login the
// connection is opened and closed in order, which are notices only. A login that is denied would be an error there, and a wait of three seconds, so
// none is tried without one. https://www.rabbitmq.com/resources/specs/amqp0-9-1.pdf, 2.2.4 and 4.2.3

import type { Wire } from '../wire/wire.js';
import { longText, type Method, methodFrame, parseMethod, parseStart, shortText } from './amqp-frame.js';
import { type Dialogue, type KindAnswer, type Login, ProbeEnd, quoted } from './dialogue.js';

/** The dialogue of AMQP. */
export const amqp: Dialogue = {
  speaksFirst: false,
  startsTls: false,
  run: async (wire, { login }) => {
    wire.send(Buffer.from([...Buffer.from('AMQP'), 0, 0, 9, 1]));
    const start = await wire.read(parseStart);
    // A broker of another version names its own, and closes.
    if ('version' in start) return { state: 'up', detail: `speaks AMQP ${start.version}` };
    if (start.name === 'close') return closedAnswer(start);
    if (start.name !== 'start') throw new ProbeEnd('wrong-protocol', `expected Start, found ${start.name} of AMQP`);
    return login === undefined ? { state: 'up', detail: 'AMQP 0-9-1' } : await open(wire, login);
  },
};

/** Logs in, opens the virtual host `/`, and closes the connection. */
async function open(wire: Wire, { user, password }: Login): Promise<KindAnswer> {
  const proof = longText(Buffer.from(`\0${user}\0${password}`));
  wire.send(methodFrame('start-ok', properties, shortText('PLAIN'), proof, shortText('en_US')));
  const tune = await wire.read(parseMethod);
  if (tune.name === 'close') return closeOk(wire, tune);
  if (tune.name !== 'tune' || tune.body.length < 8) throw unexpected('Tune', tune);
  const opening = methodFrame('open', shortText('/'), shortText(''), Buffer.from([0]));
  wire.send(Buffer.concat([methodFrame('tune-ok', tune.body.subarray(0, 8)), opening]));
  const opened = await wire.read(parseMethod);
  if (opened.name === 'close') return closeOk(wire, opened);
  if (opened.name !== 'open-ok') throw unexpected('Open-Ok', opened);
  const [success, ofNone] = [Buffer.from([0, 200]), Buffer.alloc(4)];
  wire.send(methodFrame('close', success, shortText('probed'), ofNone));
  const closed = await wire.read(parseMethod);
  if (closed.name !== 'close-ok') throw unexpected('Close-Ok', closed);
  return { state: 'up', detail: 'AMQP 0-9-1: logged in' };
}

/** The client's properties: a server that denies a login says so, instead of hanging up. */
const properties = ((): Buffer => {
  const able = Buffer.concat([shortText('authentication_failure_close'), Buffer.from('t\x01')]);
  return longText(Buffer.concat([shortText('capabilities'), Buffer.from('F'), longText(able)]));
})();

function unexpected(expected: string, { name }: Method): ProbeEnd {
  return new ProbeEnd('wrong-protocol', `expected ${expected}, found ${name} of AMQP`);
}

function closeOk(wire: Wire, method: Method): KindAnswer {
  wire.send(methodFrame('close-ok'));
  return closedAnswer(method);
}

function closedAnswer({ body }: Method): KindAnswer {
  const code = body.length < 3 ? 0 : body.readUInt16BE(0);
  const text = body.subarray(3, 3 + (body[2] ?? 0));
  return { state: 'refused', detail: `${code} ${quoted(text).slice(1, -1)}` };
}
