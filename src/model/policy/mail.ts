// Where pages go by mail.

/** A mail server. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`). */
  readonly isSecure: boolean;
  /** Null for a server that takes mail without a login. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

/** The mail of the policy. */
export interface MailPolicy {
  readonly to: readonly string[];
  readonly from: string;
  readonly server: MailServer;
}
