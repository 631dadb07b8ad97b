// The request for a picture of several archives together.

import type { Stack } from '../../series/stack-parts.js';
import type { PictureRequest, StackType, Subject } from '../graph-request.js';

/** The director's services or processors, or the real servers of a service, in absolute terms or (`isShare`) in percent. */
export interface StackRequest extends PictureRequest {
  readonly type: StackType;
  readonly subject: Subject;
  readonly stack: Stack;
  readonly isShare?: boolean;
}
