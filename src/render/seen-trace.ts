// A quantity as far as the director sees it. What is counted of a way that does not lead through it stands at zero: that is
// left blank, which is neither zero nor unknown. Where the replies of some real servers pass and those of others do not, a
// ratio of outbound traffic to all connections would tell of nobody: it is not told.

import { type Outbound, unseenReason } from '../model/outbound.js';
import type { Series } from '../model/series.js';
import type { Quantity } from './quantity.js';
import { highestOf, type Trace, traceOf } from './trace.js';

/** A trace, and why there is nothing to see of it; '' where there is. */
export interface SeenTrace {
  readonly trace: Trace;
  readonly remark: string;
}

/** The traces of quantities in the rows of a series, as they are seen. Throws as `traceOf` does. */
export function seenTraces(series: Series, quantities: readonly Quantity[], outbound: Outbound): readonly SeenTrace[] {
  const traces = quantities.map((quantity) => traceOf(series, quantity));
  const isBusy = quantities.some(({ label }, i) => label === 'in' && highestOf(traces[i]?.values ?? none) > 0);
  return quantities.flatMap((quantity, i) => {
    const trace = traces[i];
    if (trace === undefined) return [];
    return quantity.label === 'out' ? seen(series, { trace, quantity, outbound, isBusy }) : { trace, remark: '' };
  });
}

/** What a graph says below itself of a part that is not seen; '' where all or nothing is. */
export function partlyRemark(outbound: Outbound): string {
  if (outbound.kind !== 'partly') return '';
  const { unseen, of, reason } = outbound;
  return `out: ${unseen} of ${of} real servers not visible here (${reason})`;
}

const none = new Float64Array();

interface Seen {
  readonly trace: Trace;
  readonly quantity: Quantity;
  readonly outbound: Outbound;
  readonly isBusy: boolean;
}

function seen(series: Series, { trace, quantity, outbound, isBusy }: Seen): SeenTrace {
  const reason = unseenReason(outbound);
  if (reason !== null) {
    const { values, mean } = traceOf(withoutZeros(series, quantity), quantity);
    const remark = highestOf(values) > 0 ? '' : `not visible here (${reason})`;
    return { trace: { values, mean, unknown: trace.unknown }, remark };
  }
  if (outbound.kind === 'partly' && quantity.per === 'Conns') {
    const values = new Float64Array(trace.values.length).fill(Number.NaN);
    const remark = `not told: ${outbound.unseen} of ${outbound.of} real servers not visible here`;
    return { trace: { values, mean: Number.NaN, unknown: trace.unknown }, remark };
  }
  // Nobody knows how its real servers were reached.
  const isUnseen = outbound.kind === 'untold' && isBusy && highestOf(trace.values) === 0;
  return { trace, remark: isUnseen ? 'none seen on this director' : '' };
}

/** Some may have been seen before the real servers were reached that way. */
function withoutZeros(series: Series, { dataSource }: Quantity): Series {
  const columns = series.columns.map((column, i) =>
    series.dataSources[i] === dataSource ? column.map((value) => (value === 0 ? Number.NaN : value)) : column,
  );
  return { ...series, columns };
}
