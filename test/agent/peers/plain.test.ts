// Probes of applications in clear text: each kind, in each state.

import { describe } from 'vitest';
import { describeCases } from './cases.js';

describe('an application', () => describeCases(() => null, false));
