/** The private key of the GitHub App, which nobody reads: it only signs. */
export interface AppKey {
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the bytes, as a JSON web token with `RS256` wants it. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}
