// Parses /proc/slabinfo (slabinfo(5), only root may read it) for the connections of ip_vs: each is an object of the cache
// "ip_vs_conn", templates of persistence too.
//
//   # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables …
//   ip_vs_conn            1530       1550    320   25    2 : tunables    0    0    0 : slabdata     62     62      0
//
// The kernel counts the free objects of a slab that a processor is working with as active: a few more than there are. It merges
// caches of one size unless it was told not to (slab_nomerge): then there is no such line, or it is of others as well.

/** Connections in the table; null where the text does not tell. */
export function parseSlabinfo(text: string): number | null {
  const active = /^ip_vs_conn +(\d{1,10}) +\d+ /m.exec(text)?.[1];
  return active === undefined ? null : Number(active);
}
