import { describeError } from '../../domain/error.ts';
import type { AwsAccess } from './aws-access.ts';
import { refusalName } from './aws-fault.ts';
import { cloudFormationService, createQueryCall } from './query-protocol.ts';
import { membersOf, textOf } from './xml.ts';

export interface StackState {
  /** `CREATE_COMPLETE`, `UPDATE_ROLLBACK_COMPLETE` … */
  readonly status: string;
  /** Why, when CloudFormation says. */
  readonly reason?: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  /** `AWS::DynamoDB::Table`. */
  readonly type: string;
}

export interface Stacks {
  /** Undefined: there is none of this name. */
  find(name: string, signal?: AbortSignal): Promise<StackState | undefined>;
  /** As it was deployed last: JSON. Undefined: there is no such stack. */
  template(name: string, signal?: AbortSignal): Promise<string | undefined>;
  /** All of its resources, page by page. */
  resources(name: string, signal?: AbortSignal): Promise<readonly StackResource[]>;
}

/** What CloudFormation knows of stacks; changing them is the CDK's. */
export function createStacks(access: AwsAccess): Stacks {
  const call = createQueryCall(access, cloudFormationService);
  return {
    find: async (name, signal) => {
      const answer = await call('DescribeStacks', { StackName: name }, options(name, signal)).catch(ifNoStack);
      const [stack] = answer === undefined ? [] : membersOf(answer, 'Stacks');
      const status = stack && textOf(stack, 'StackStatus');
      // A stack that was deleted is found by its id alone; one that is being reviewed has never been made.
      if (stack === undefined || status === undefined || status === 'REVIEW_IN_PROGRESS') return undefined;
      const reason = textOf(stack, 'StackStatusReason');
      const outputs = membersOf(stack, 'Outputs').map((output) => [
        textOf(output, 'OutputKey') ?? '',
        textOf(output, 'OutputValue') ?? '',
      ]);
      return { status, outputs: Object.fromEntries(outputs), ...(reason && { reason }) };
    },
    template: async (name, signal) => {
      const answer = await call('GetTemplate', { StackName: name }, options(name, signal)).catch(ifNoStack);
      return answer === undefined ? undefined : textOf(answer, 'TemplateBody');
    },
    resources: async (name, signal) => {
      const found: StackResource[] = [];
      let next: string | undefined;
      do {
        const input = { StackName: name, ...(next !== undefined && { NextToken: next }) };
        const answer = await call('ListStackResources', input, options(name, signal));
        for (const resource of membersOf(answer, 'StackResourceSummaries')) {
          found.push({
            logicalId: textOf(resource, 'LogicalResourceId') ?? '',
            physicalId: textOf(resource, 'PhysicalResourceId') ?? '',
            type: textOf(resource, 'ResourceType') ?? '',
          });
        }
        next = textOf(answer, 'NextToken');
      } while (next !== undefined && next !== '');
      return found;
    },
  };
}

/** A name that is not there is a ValidationError like any other; its words tell it apart. */
function ifNoStack(error: unknown): undefined {
  const absent = refusalName(error) === 'ValidationError' && /does not exist/.test(describeError(error));
  if (!absent) throw error;
  return undefined;
}

function options(name: string, signal: AbortSignal | undefined) {
  return { resource: `stack ${name}`, ...(signal && { signal }) };
}
