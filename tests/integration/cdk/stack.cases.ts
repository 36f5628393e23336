import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { functionSizes } from '../../../cdk/constructs/function-size.ts';
import { tellsEvents } from '../../../src/adapters/dynamodb/stream-events.ts';
import { awsVariables, functionNames, variablesOf } from '../../../src/runtime/aws/aws-names.ts';
import { stackOutputs } from '../../../src/runtime/aws/stack-outputs.ts';
import { createTableInput } from '../../../src/runtime/aws/table-definition.ts';
import { standardStack } from '../../fakes/synthesised-stack.ts';
import { resourceOf, resourcesOf } from '../../fakes/template-values.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const template = standardStack();
const stack = Template.fromJSON({ ...template });

/** CloudFormation takes 500 resources and 1 MB; we hold ourselves to less, so that a change is quick and can be read. */
const maxResources = 100;
const maxTemplateKilobytes = 200;

describe('the stack', () => {
  it('has few resources and a small template, and says how many', () => {
    const resources = Object.keys(template.Resources).length;
    const kilobytes = JSON.stringify(template).length / 1_024;
    console.error(`the stack: ${resources} resources, a template of ${kilobytes.toFixed(0)} KB`);
    expect(resources).toBeLessThan(maxResources);
    expect(kilobytes).toBeLessThan(maxTemplateKilobytes);
    stack.templateMatches({ Metadata: { 'entropy:resources': resources } });
  });

  it('costs nothing by the hour: no network, no machine, no provisioned capacity', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => /EC2|NatGateway|ECS|RDS|ElastiCache|Scalable|Alias$/.test(type))).toEqual([]);
    stack.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  it('names no account and no region', () => {
    expect(JSON.stringify(template)).not.toMatch(/\b\d{12}\b|(?:eu|us|ap)-[a-z]+-\d/);
  });

  it('tags for cost whatever can carry a tag', () => {
    const tagged = Object.entries(template.Resources).filter(([, { Properties = {} }]) => 'Tags' in Properties);
    expect(tagged.length).toBeGreaterThan(30);
    for (const [id, { Properties }] of tagged)
      expect(JSON.stringify(Properties?.['Tags']), id).toMatch(/project.*entropy-playground.*stack|stack.*project/);
  });

  it('tells all that the deploy command reads, and what comes next', () => {
    expect(Object.keys(template.Outputs ?? {}).sort()).toEqual([...Object.values(stackOutputs), 'NextStep'].sort());
    stack.hasOutput('WebhookUrl', { Value: Match.objectLike({ 'Fn::Join': ['', [Match.anyValue(), '/webhook']] }) });
  });

  it('asks for what nobody can guess, unless it is set', () => {
    expect(Object.keys(template.Parameters ?? {}).sort()).toEqual(['BootstrapVersion', 'GithubAppId', 'Owners']);
    expect(template.Parameters?.['GithubAppId']).not.toHaveProperty('Default');
  });
});

describe('the table', () => {
  it('is the one that the stores are written against', () => {
    const declared = createTableInput('any');
    const [, properties] = resourceOf(template, 'AWS::DynamoDB::Table');
    expect(properties['KeySchema']).toEqual(declared.KeySchema);
    expect(properties['GlobalSecondaryIndexes']).toEqual(declared.GlobalSecondaryIndexes);
    expect(properties['AttributeDefinitions']).toEqual(expect.arrayContaining(declared.AttributeDefinitions ?? []));
  });

  it('is paid by use, encrypted with our key, restorable, streamed, and protected from deletion', () => {
    stack.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
    });
  });
});

describe('the queues', () => {
  it('give a worker six times its time, a message a day, and bury it after five deliveries', () => {
    stack.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'entropy-playground-tasks',
      VisibilityTimeout: 6 * functionSizes.dispatcher.timeoutSeconds,
      MessageRetentionPeriod: 86_400,
      KmsMasterKeyId: Match.anyValue(),
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
      DelaySeconds: Match.absent(),
    });
  });

  it('keep dead letters for two weeks, those of the tasks alone', () => {
    stack.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'entropy-playground-dead-letters',
      MessageRetentionPeriod: 14 * 86_400,
      RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: [Match.anyValue()] },
    });
  });

  it('are worked off in batches whose failures are named one by one', () => {
    stack.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });
});

describe('the archive', () => {
  it('is versioned and locked for ninety days, and outlives the stack', () => {
    const [id] = resourceOf(template, 'AWS::S3::Bucket', 'FilesAudit');
    expect(template.Resources[id]).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 90, Mode: 'GOVERNANCE' } } },
      },
    });
  });

  it('takes the stream in halves when a batch fails, for as long as it is kept, and tells what it never took', () => {
    stack.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: Match.absent(),
      MaximumRecordAgeInSeconds: 23 * 3_600,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it('is told of every item whose changes are events, and of none that the archiver writes', () => {
    const mapping = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').find(([id]) => id.startsWith('Archive'));
    const criteria = mapping?.[1].Properties?.['FilterCriteria'] as {
      readonly Filters: readonly { Pattern: string }[];
    };
    const [pattern] = criteria.Filters.map(({ Pattern }) => JSON.parse(Pattern).dynamodb.Keys.sk.S);
    const passes = (sk: string): boolean =>
      pattern.some((rule: string | { prefix: string }) =>
        typeof rule === 'string' ? rule === sk : sk.startsWith(rule.prefix),
      );
    for (const sk of [
      'CLAIM',
      'CAPS',
      'TASK',
      'EDGES',
      'RUN',
      'MESSAGE#0000000000000001',
      'EFFECT#x',
      'END',
      'LOG',
      'CURSOR',
      'NUMBERED#CLAIM',
      'MESSAGE-ID',
      'TOKEN',
      'IDEMPOTENCY',
      'BUDGET',
    ])
      expect(passes(sk), sk).toBe(tellsEvents({ after: { pk: { S: 'x' }, sk: { S: sk } } }));
  });

  it('lies in buckets that are closed to the public, whose readers are logged', () => {
    for (const [id, { Properties = {} }] of resourcesOf(template, 'AWS::S3::Bucket')) {
      expect(Properties['PublicAccessBlockConfiguration'], id).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      if (!id.includes('AccessLogs')) expect(Properties['LoggingConfiguration'], id).toBeDefined();
    }
  });
});

describe('the keys', () => {
  it('are one that is rotated every year and one that takes the private key of the App', () => {
    stack.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    stack.hasResourceProperties('AWS::KMS::Key', {
      KeySpec: 'RSA_2048',
      KeyUsage: 'SIGN_VERIFY',
      Origin: 'EXTERNAL',
    });
    stack.resourceCountIs('AWS::KMS::Key', 2);
  });
});

describe('the functions', () => {
  const functionOf = (name: string): Readonly<Record<string, unknown>> => {
    const found = resourcesOf(template, 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties?.['FunctionName'] === `entropy-playground-${name}`,
    );
    return found?.[1].Properties ?? {};
  };

  it.each(functionNames)('%s: runs on Node 24 and arm64 with a role, a log and limits of its own', (name) => {
    const { memoryMb, timeoutSeconds } = functionSizes[name];
    expect(functionOf(name)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: memoryMb,
      Timeout: timeoutSeconds,
      LoggingConfig: { LogGroup: expect.anything() },
    });
    expect(functionOf(name)).not.toHaveProperty('ReservedConcurrentExecutions');
    stack.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: `/entropy-playground/${name}`,
      RetentionInDays: 30,
    });
  });

  it.each(functionNames)('%s: is told every variable that it reads, and no other', (name) => {
    const { Variables } = functionOf(name)['Environment'] as { readonly Variables: Readonly<Record<string, unknown>> };
    const wanted = variablesOf[name].map((variable) => awsVariables[variable]);
    expect(Object.keys(Variables).sort()).toEqual([...wanted].sort());
  });

  it('are called by GitHub under one route, by everybody else under the other, throttled and logged', () => {
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(
      ([, { Properties }]) => Properties?.['RouteKey'],
    );
    expect(routes.sort()).toEqual(['$default', 'POST /webhook']);
    stack.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingBurstLimit: 200, ThrottlingRateLimit: 100 },
      AccessLogSettings: { DestinationArn: Match.anyValue() },
    });
  });

  it('are swept every minute, without a second try', () => {
    stack.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } })],
    });
  });

  const built = functionNames.filter((name) => existsSync(path.join(root, 'dist/lambda-maps', name, 'meta.json')));
  it.skipIf(built.length === 0)('carry nothing of the CDK', () => {
    for (const name of built) {
      const meta = readFileSync(path.join(root, 'dist/lambda-maps', name, 'meta.json'), 'utf8');
      expect(meta, name).not.toMatch(/aws-cdk-lib|node_modules\/constructs|cdk-nag|"cdk\//);
    }
  });
});
