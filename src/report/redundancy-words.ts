// The part of a report about redundancy, in words for the template views/report-survive.ejs.

import { lossLevels } from '../model/redundancy/survival.js';
import { weakestFirst } from '../model/redundancy/survival-grade.js';
import { lossTitles, missingText, outcomeText, percentText } from '../model/redundancy/survival-text.js';
import { longName } from '../render/define/heading.js';
import type { Report } from './report.js';

/** The input of the template; no rows if no service of the kernel was chosen. */
export interface RedundancyWords {
  readonly titles: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[]; readonly missing: string }[];
  readonly allowed: string;
  readonly hasTopology: boolean;
}

/** The words of a report's part about redundancy. */
export function redundancyWords({ redundancy: { services, hasTopology, allowed } }: Report): RedundancyWords {
  return {
    titles: ['real servers', ...lossLevels.map((level) => lossTitles[level]), 'required'],
    rows: weakestFirst(services).map((one) => ({
      name: longName(one.service),
      cells: [
        String(one.standings.length),
        ...lossLevels.map((level) => outcomeText(one.survivals[level])),
        one.required === null ? '' : lossTitles[one.required],
      ],
      missing: missingText(one),
    })),
    allowed: percentText(allowed),
    hasTopology,
  };
}
