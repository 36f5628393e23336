import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { awsVariables, type FunctionName, variablesOf } from '../../src/runtime/aws/aws-names.ts';
import { acknowledge } from '../acknowledge.ts';
import type { StackSettings } from '../stack-settings.ts';
import { functionSizes } from './function-size.ts';
import { allow, type Grantee } from './statement.ts';

/** Everything that any function is told; each gets what `variablesOf` lists for it. */
export type Variables = Readonly<Record<keyof typeof awsVariables, string>>;

interface StackFunctionProps {
  readonly name: FunctionName;
  /** Folder with `index.mjs`, which exports `handler`. */
  readonly codeFolder: string;
  readonly variables: Variables;
  readonly settings: StackSettings;
}

/** One function with a role of its own, whose policy holds nothing yet but its own log. */
export class StackFunction extends Construct implements Grantee {
  readonly name: FunctionName;
  readonly role: Role;
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, { name, codeFolder, variables, settings }: StackFunctionProps) {
    super(scope, id);
    this.name = name;
    const { memoryMb, timeoutSeconds } = functionSizes[name];
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/${settings.stackName}/${name}`,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: `${settings.stackName}-${name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(codeFolder),
      memorySize: memoryMb,
      timeout: Duration.seconds(timeoutSeconds),
      environment: environmentOf(name, variables),
      role: this.role,
      logGroup,
      tracing: settings.tracing === 'active' ? Tracing.ACTIVE : Tracing.DISABLED,
      ...reserved(settings.reservedConcurrency[name]),
    });
    allow(this, {
      sid: 'OwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    Tags.of(this).add('concern', name);
    acknowledge(this, {
      'Serverless-LambdaDLQ':
        'Called by an HTTP API, a queue, a stream or each minute anew: each keeps what failed itself.',
      ...(settings.tracing === 'off'
        ? {
            'Serverless-LambdaTracing':
              'Traces are W3C contexts in the logs and in GitHub; X-Ray costs by the segment and is a setting (tracing).',
          }
        : { 'AwsSolutions-IAM5[Resource::*]': 'X-Ray knows no resources: whoever writes segments writes them to *.' }),
    });
  }
}

function reserved(concurrency: number | undefined) {
  return concurrency === undefined ? {} : { reservedConcurrentExecutions: concurrency };
}

function environmentOf(name: FunctionName, variables: Variables): Record<string, string> {
  return Object.fromEntries(variablesOf[name].map((variable) => [awsVariables[variable], variables[variable]]));
}
