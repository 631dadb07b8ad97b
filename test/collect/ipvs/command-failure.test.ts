import { describe, expect, test } from 'vitest';
import { commandFailure } from '../../../src/collect/ipvs/command-failure.js';
import { capture } from '../capture.js';

const ipvsadm = '"ipvsadm -L -n"';

describe('commandFailure', () => {
  test.each([
    ['no capability', 2, 'access/017-loaded-nobody-stats-exact.stderr', 'not-permitted', 'CAP_NET_ADMIN'],
    [
      'root without the capability',
      2,
      'access/020-loaded-root-no-net-admin-list.stderr',
      'not-permitted',
      'CAP_NET_ADMIN',
    ],
    ['another user namespace', 2, 'access/027-other-netns-user-root.stderr', 'not-permitted', 'user namespace'],
    ['no capability, no module', 2, 'access/004-nomodule-nobody-list.stderr', 'not-permitted', 'CAP_NET_ADMIN'],
    ['no module', 2, 'access/002-nomodule-root-list.stderr', 'module-not-loaded', 'modprobe ip_vs'],
    ['no ipvsadm, reported by a shell', 127, 'access/007-noipvsadm.stderr', 'no-ipvsadm', 'install ipvsadm'],
    ['a wrong option', 255, 'access/028-bad-option.stderr', 'failed', '--nonsense: unknown option'],
    ['no such service', 1, 'zoo/054-one-absent.stderr', 'failed', 'No such service'],
  ])('recognises %s by the captured exit status and standard error', (_, exitCode, stderr, code, said) => {
    const error = commandFailure({ exitCode, signal: null, errorCode: null, stderr: capture(stderr) }, ipvsadm);
    expect(error.code).toBe(code);
    expect(error.message).toContain(ipvsadm);
    expect(error.message).toContain(said);
  });

  test.each([
    ['sudo without the program', 1, 'sudo: ipvsadm: command not found\n', 'no-ipvsadm', 'command not found'],
    [
      'sudo that asks for a password',
      1,
      'sudo: a terminal is required to read the password\n',
      'not-permitted',
      'NOPASSWD',
    ],
    ['sudo -n that needs a password', 1, 'sudo: a password is required\n', 'not-permitted', 'NOPASSWD'],
    ['ssh that cannot connect', 255, 'ssh: connect to host lb1 port 22: Connection refused', 'failed', 'refused'],
    [
      'ssh that cannot resolve a host',
      255,
      'ssh: Could not resolve hostname lb9: Name or service not known',
      'failed',
      'lb9',
    ],
    ['silence', 3, '', 'failed', 'exit status 3 and said nothing'],
  ])('recognises %s', (_, exitCode, stderr, code, said) => {
    const error = commandFailure({ exitCode, signal: null, errorCode: null, stderr }, ipvsadm);
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test.each([
    ['a missing program', 'ENOENT', 'no-ipvsadm', 'found no program'],
    ['a program that is not executable', 'EACCES', 'failed', 'did not start (EACCES)'],
  ])('recognises %s', (_, errorCode, code, said) => {
    const error = commandFailure({ exitCode: null, signal: null, errorCode, stderr: '' }, ipvsadm);
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test('names the signal that ended the command', () => {
    const error = commandFailure({ exitCode: null, signal: 'SIGSEGV', errorCode: null, stderr: '' }, ipvsadm);
    expect(error.message).toContain('was ended by SIGSEGV');
  });

  test('quotes standard error in printable characters, shortened', () => {
    const stderr = `\u001b[31m${'x'.repeat(10_000)}`;
    const { message } = commandFailure({ exitCode: 1, signal: null, errorCode: null, stderr }, ipvsadm);
    expect(message).toMatch(/^[\x20-\x7e…]{100,700}$/);
    expect(message).toContain('\\x1b[31mxxx');
  });
});
