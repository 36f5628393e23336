import { Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionName } from '../../src/runtime/aws/aws-names.ts';

/** Who may be granted something: a function by its name, with its role and the policy that holds all its statements. */
export interface Grantee {
  readonly name: FunctionName;
  readonly role: IRole;
}

interface Allowed {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
}

/** One statement of a function's policy. Nothing is granted in any other way, and never by a wildcard action. */
export function allow({ role }: Grantee, { sid, actions, resources, conditions }: Allowed): void {
  const wide = actions.find((action) => action.includes('*'));
  if (wide !== undefined) throw new Error(`${sid} would allow ${wide}: name each action`);
  role.addToPrincipalPolicy(
    new PolicyStatement({
      sid,
      effect: Effect.ALLOW,
      actions: [...actions],
      resources: [...resources],
      ...(conditions !== undefined && { conditions }),
    }),
  );
}
