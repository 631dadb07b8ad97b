// Errors between ipvsadm(8) or HAProxy and a snapshot. Every message says what, where, and how to fix it, and quotes the input in a form
// that is safe on any terminal.

import { UserError } from '../model/user-error.js';

/** The stable codes of a failed reading, for programs; a failed cycle is recorded under them. */
export type CollectErrorCode =
  | 'not-permitted'
  | 'module-not-loaded'
  | 'no-ipvsadm'
  | 'bad-command'
  | 'timed-out'
  | 'too-much-output'
  | 'failed'
  | 'no-header'
  | 'wrong-listing'
  | 'cut-off'
  | 'bad-line'
  | 'bad-recording'
  | 'no-haproxy'
  | 'reported-nothing'
  | 'no-reference'
  | 'bad-reference';

/** The table or HAProxy could not be read completely: nothing of it may be stored. */
export class CollectError extends UserError {
  declare readonly code: CollectErrorCode;

  constructor(code: CollectErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** Quotes `text`, at most `longest` characters of it, with escapes for everything but printable ASCII. */
export function quote(text: string, longest = 80): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `"${shown.replaceAll(/[^\x20-\x7e\u2026]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
