// The graph types of an archive, by its kind.

import type { AnyAbout } from '../../../model/kinds/kind.js';
import { directorName } from '../../../model/names/name.js';
import { type GraphType, type StackType, stackTypes, type TogetherType } from '../../define/graph-request.js';
import { type DepictionRegistry, depicted, depictionOf } from '../../kinds/registry.js';

/** The graph types of an archive: five stacks for the director, graphs for any other. */
export function typesOf(archive: ArchiveOfKind): readonly (GraphType | StackType)[] {
  return archive.name === directorName ? stackTypes : graphTypesOf(archive);
}

/** The graph types of an archive that is not the director's own. */
export function graphTypesOf({ about }: ArchiveOfKind, of: DepictionRegistry = depicted): readonly GraphType[] {
  return depictionOf(about, of).graphTypes(about);
}

/** The graph types that combine several archives. */
export function togetherTypesOf({ about }: ArchiveOfKind): readonly TogetherType[] {
  return depictionOf(about).togetherTypes;
}

/** The fields that determine the graphs of an archive. */
interface ArchiveOfKind {
  readonly name: string;
  readonly about: AnyAbout;
}
