// The words of keepalived.conf(5), and older and newer ones, at the places where they are expected. Any other word is a note.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words outside blocks. */
export const topWords = words(`
  virtual_server virtual_server_group global_defs SSL
  vrrp_instance vrrp_sync_group vrrp_script vrrp_track_process track_file vrrp_track_file track_group track_process bfd_instance
  static_ipaddress static_routes static_rules static_addresses static_track_group linkbeat_use_polling linkbeat_interfaces
  garp_group interface_up_down_delays net_namespace net_namespace_ipvs namespace_with_ipsets instance use_pid_dir child_wait_time
  vrrp_routes include_check config_copy_directory tmp_config_directory reload_check_config reload_time_file reload_repeat
  local_address_group notify_fifo notify_fifo_script log_unknown_vrids random_seed process_monitoring shutdown_script
`);

/** Words of a virtual server that the table does not show. */
export const serviceWords = words(`
  delay_loop delay_before_retry retry warmup connect_timeout ha_suspend smtp_alert virtualhost snmp_name alpha omega
  quorum_up quorum_down hashed nat_mask
`);

/** Words of a real server that the table does not show. */
export const serverWords = words(`
  delay_loop delay_before_retry retry warmup connect_timeout smtp_alert virtualhost snmp_name alpha notify_up notify_down
  uthreshold lthreshold HTTP_GET SSL_GET TCP_CHECK SMTP_CHECK DNS_CHECK BFD_CHECK UDP_CHECK PING_CHECK
`);

/** The kernel's schedulers. */
export const schedulers = words('rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf twos');

/** Flags of schedulers. */
export const schedulerFlagWords = words('flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback');

/** Forwarding methods as keepalived and as ipvsadm name them. */
export const forwardings: Readonly<Record<string, string>> = { NAT: 'Masq', DR: 'Route', TUN: 'Tunnel' };
