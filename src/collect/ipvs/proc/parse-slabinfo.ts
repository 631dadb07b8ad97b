// Parses /proc/slabinfo (slabinfo(5), readable only by root) for the connections of ip_vs: each is an object of the cache "ip_vs_conn", and
// so are persistence templates.
//
//   # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables …
//   ip_vs_conn            1530       1550    320   25    2 : tunables    0    0    0 : slabdata     62     62      0
//
// The kernel counts the free objects of a processor's current slab as active: slightly more than there are. It merges caches of one size
// unless told otherwise (slab_nomerge): then there is no such line, or it covers other caches as well.

/** Connections in the table; null when the text does not say. */
export function parseSlabinfo(text: string): number | null {
  const active = /^ip_vs_conn +(\d{1,10}) +\d+ /m.exec(text)?.[1];
  return active === undefined ? null : Number(active);
}
