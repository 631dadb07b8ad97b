// The sources of a cycle, in the order in which it lists their results. A new one is a file like these, its judge, and its line here.

import { type DirectorOptions, directorSource } from './director-source.js';
import { type HaproxyOptions, haproxySource } from './haproxy-source.js';
import { type LinkOptions, linksSource } from './links-source.js';
import { type ProbeOptions, probesSource } from './probes-source.js';
import type { Source } from './source.js';

/** Which sources to read, and how. */
export interface SourceOptions extends DirectorOptions, HaproxyOptions, ProbeOptions, LinkOptions {}

/** The registry. */
export const sources: readonly Source<SourceOptions>[] = [directorSource, haproxySource, probesSource, linksSource];
