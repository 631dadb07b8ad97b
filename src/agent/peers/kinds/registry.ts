// The kinds of applications that can be probed; a new one is a file and a line here.

import { amqp } from './amqp.js';
import type { Dialogue } from './dialogue.js';
import { http } from './http.js';
import { mysql } from './mysql.js';
import { postgresql } from './postgresql.js';
import { redis } from './redis.js';
import { tcp } from './tcp.js';
import { websocket } from './websocket.js';

/** The dialogues by the names of kinds, as tags have them. */
export const dialogues = { tcp, http, websocket, redis, mysql, postgresql, amqp } satisfies Record<string, Dialogue>;

/** A kind of application. */
export type ProbeKind = keyof typeof dialogues;
