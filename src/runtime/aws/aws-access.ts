import type { AwsAccess } from '../../adapters/aws/aws-access.ts';
import { createChainCredentials } from '../../adapters/aws/chain-credentials.ts';
import { EntropyError } from '../../domain/error.ts';
import type { Clock } from '../../ports/clock.ts';
import { readAwsCredentials, readAwsPlace } from '../config.ts';

/** A function of the stack: its role's credentials, which the service puts into the environment. */
export function functionAwsAccess(clock: Clock): AwsAccess {
  return {
    ...place(),
    clock,
    credentials: async () => {
      const credentials = readAwsCredentials();
      if (credentials !== undefined) return credentials;
      throw new EntropyError({
        code: 'E741',
        message: 'the environment holds no AWS credentials',
        fix: 'run it as a function of the stack, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
      });
    },
  };
}

/** A person's machine: credentials from wherever AWS's own tools find them. */
export function personAwsAccess(
  clock: Clock,
  { profile, region }: { readonly profile?: string; readonly region?: string } = {},
): AwsAccess {
  return { ...place(region), clock, credentials: createChainCredentials(profile === undefined ? {} : { profile }) };
}

function place(named?: string): Pick<AwsAccess, 'region' | 'endpoints'> {
  const { region, endpoints } = readAwsPlace();
  const chosen = named ?? region;
  if (chosen !== undefined) return { region: chosen, endpoints };
  throw new EntropyError({
    code: 'E101',
    message: 'no AWS region is named',
    fix: 'set AWS_REGION, for example AWS_REGION=eu-central-1, or give --region',
  });
}
