// The metrics of rows: one per quantity. A name says the unit, in the words of Prometheus; rates are per second. The names are a contract with
// whoever stored rows: an old one must not change.
// https://prometheus.io/docs/practices/naming/

/** The beginning of every metric of rows. */
export const metricPrefix = 'lvs_row_';

/** The rest of the name, by data source. */
export const metricNames: Readonly<Record<string, string>> = {
  ActiveConn: 'connections_active',
  InActConn: 'connections_inactive',
  Conns: 'connections_per_second',
  InPkts: 'incoming_packets_per_second',
  OutPkts: 'outgoing_packets_per_second',
  InBytes: 'incoming_bytes_per_second',
  OutBytes: 'outgoing_bytes_per_second',
  Size: 'table_buckets',
  Entries: 'table_connections',
  CurSessions: 'sessions_current',
  Queue: 'requests_queued',
  Sessions: 'sessions_per_second',
  Hrsp1xx: 'responses_1xx_per_second',
  Hrsp2xx: 'responses_2xx_per_second',
  Hrsp3xx: 'responses_3xx_per_second',
  Hrsp4xx: 'responses_4xx_per_second',
  Hrsp5xx: 'responses_5xx_per_second',
  ReqErrors: 'request_errors_per_second',
  ConnErrors: 'connection_errors_per_second',
  RespErrors: 'response_errors_per_second',
  DeniedReqs: 'requests_denied_per_second',
  DeniedResps: 'responses_denied_per_second',
  Links: 'links',
  Lost: 'links_lost',
  RTT: 'round_trip_milliseconds',
  RTTMax: 'round_trip_max_milliseconds',
  Loss: 'loss_percent',
  Value: 'value',
};

/** The metric of each data source. */
export const metricsByDataSource: ReadonlyMap<string, string> = new Map(
  Object.entries(metricNames).map(([dataSource, name]) => [dataSource, `${metricPrefix}${name}`]),
);

/** The data source of each metric. */
export const dataSourcesByMetric: ReadonlyMap<string, string> = new Map(
  [...metricsByDataSource].map(([dataSource, name]) => [name, dataSource]),
);
