// Checks whether the table can be read: finds the program, and reads the table as `collect` would.

import { CollectError } from '../collect/collect-error.js';
import { type IpvsadmCommand, type IpvsadmPlace, locateIpvsadm } from '../collect/ipvs/locate-ipvsadm.js';
import { isModuleLoaded } from '../collect/ipvs/proc/kernel.js';
import { readSnapshot } from '../collect/ipvs/read-snapshot.js';
import { countOf } from '../model/text/count-of.js';
import { type Check, fine, problem, warning } from './check.js';

/** The check, and the command if there is one. */
export function checkIpvsadm(place: IpvsadmPlace): { readonly check: Check; readonly command: IpvsadmCommand | null } {
  try {
    const command = locateIpvsadm(place);
    const { file, args } = command;
    const finding = place.replacement === null ? file : `replaced by "${[file, ...args].join(' ')}"`;
    return { check: fine('ipvsadm', finding), command };
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    return { check: problem('ipvsadm', error.message, null), command: null };
  }
}

/** Reads the table once, unless that would load a module. */
export async function checkTable(command: IpvsadmCommand | null, procRoot: string, nowS: () => number): Promise<Check> {
  if (command === null) return warning('table', 'not tried: there is no ipvsadm', null);
  if (command.isLocal && !isModuleLoaded(procRoot)) {
    return warning('table', 'not tried: it would load the ip_vs module', null);
  }
  try {
    const { snapshot } = await readSnapshot({ ipvsadm: command, procRoot, nowS, isComplete: () => true });
    const realServers = snapshot.services.reduce((sum, service) => sum + service.realServers.length, 0);
    if (snapshot.services.length === 0) return fine('table', 'it can be read; it has no services yet');
    return fine(
      'table',
      `it can be read: ${countOf(snapshot.services.length, 'service')}, ${countOf(realServers, 'real server')}`,
    );
  } catch (error) {
    if (!(error instanceof CollectError)) throw error;
    return problem('table', error.message, null);
  }
}
