// The findings of a page about some archives, and those of them that are silenced.

import { affects, type Finding } from '../../model/finding/finding.js';
import type { Catalogue } from '../data/catalogue.js';
import type { Site } from '../site.js';
import { type FindingRow, findingRows, type SilencedRow, silencedRows } from './finding-rows.js';
import { siteVerdict } from './findings.js';

/** The findings in rows, and as they are. */
export interface PageFindings {
  readonly open: readonly Finding[];
  readonly findings: readonly FindingRow[];
  readonly silenced: readonly SilencedRow[];
}

/** The findings that affect an archive, or one within it. */
export function pageFindings(site: Site, catalogue: Catalogue, name: string): PageFindings {
  const verdict = siteVerdict(site);
  const ground = { catalogue, basePath: site.basePath, timeZone: site.looks().timeZone };
  const open = verdict.findings.filter((finding) => affects(finding, name));
  const silenced = verdict.silenced.filter(({ finding }) => affects(finding, name));
  return { open, findings: findingRows(open, ground), silenced: silencedRows(silenced, ground) };
}
