// Loaded before each file of a project whose files share a process: resets what an earlier file may have set.

import { setPatience } from '../src/model/patience.js';

setPatience(undefined);
