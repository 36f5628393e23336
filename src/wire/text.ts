import * as z from 'zod';
import type { ClaimKey } from '../domain/claim.ts';

/** Any text up to so many characters. */
export const text = (maxLength: number) => z.string().max(maxLength);
export const someText = (maxLength: number) => z.string().min(1).max(maxLength);

export const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** What one run may use or one task may cost: a million dollars. Sums of thousands of these stay exact. */
export const amount = z.number().int().nonnegative().max(1_000_000_000_000);
export const positive = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
/** Milliseconds since 1970, up to what a date can hold. */
export const moment = z.number().int().nonnegative().max(8_640_000_000_000_000);
/** 0 to 1. */
export const share = z.number().min(0).max(1);

/**
 * `github/octo/slug/issues/42`, or any lock that has a name. Lower case, so that one thing has one key; no segment of
 * dots only, so that no path of an address is ever shortened by it.
 */
export const claimKey = z
  .string()
  .max(300)
  .regex(
    /^\.{0,2}[a-z0-9_:@+~-][a-z0-9._:@+~-]*(?:\/\.{0,2}[a-z0-9_:@+~-][a-z0-9._:@+~-]*)*$/,
    'not a key: lower case segments with slashes',
  )
  .meta({ id: 'ClaimKey', examples: ['github/octo/slug/issues/42'] }) satisfies z.ZodType<ClaimKey>;

/** The beginning of keys: `github/octo/slug/`. */
export const keyPrefix = z
  .string()
  .max(300)
  .regex(/^[a-z0-9._:@+~/-]*$/, 'not the beginning of a key');

/** What callers choose: run ids, lease ids, agents' ids such as `coder/01JD…`. Never dots only, which would shorten an address. */
export const id = z
  .string()
  .min(1)
  .max(200)
  .regex(
    /^\.{0,2}[A-Za-z0-9_:@+~/-][A-Za-z0-9._:@+~/-]*$/,
    'letters, digits and . _ : @ + ~ / - only, and not dots alone',
  );

/** An opaque handle that the coordinator made. */
export const receipt = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[!-~]+$/, 'visible ASCII only');
