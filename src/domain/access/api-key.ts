/** `viewer` reads, `operator` does all work, `admin` also sets limits and makes keys. Each may what those before it may. */
export const accessRoles = ['viewer', 'operator', 'admin'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** A key of a person or program, without anything secret. Times in milliseconds since 1970. */
export interface ApiKey {
  /** Public: it stands in the key itself and finds its record. */
  readonly id: string;
  /** As activity and log name it: `key/<name>`. */
  readonly name: string;
  readonly role: AccessRole;
  /** Only these (`octo/slug`); absent: all. */
  readonly repositories?: readonly string[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
  readonly rotatedAt?: number;
  /** Until then the secret from before the last rotation counts too. */
  readonly oldSecretUntil?: number;
  readonly revokedAt?: number;
}
