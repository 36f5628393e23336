import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { synthesise } from '../../fakes/synthesised-stack.ts';
import { resourceOf, type StackTemplate } from '../../fakes/template-values.ts';

describe('the settings of the stack', () => {
  const changed = synthesise({
    settings: {
      stackName: 'fleet',
      githubAppId: 7,
      owners: ['octo'],
      githubServerUrl: 'https://git.example.com',
      runnerRepository: 'octo/agents',
      tableRemoval: 'destroy',
      auditRemoval: 'destroy',
      auditRetentionDays: 400,
      auditExpirationDays: 500,
      artifactRetentionDays: 5,
      logRetentionDays: 7,
      logLevel: 'DEBUG',
      tracing: 'active',
      alarmEmail: 'on-call@example.com',
      spendPerHourUsd: 3,
      spendPerDayUsd: 30,
      concurrency: 50,
      reservedConcurrency: { webhook: 20 },
      requestsPerSecond: 5,
      requestBurst: 6,
      tags: { 'cost-centre': '42' },
      domainName: 'agents.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b',
    },
  }).template;
  const other = Template.fromJSON({ ...changed });
  const textOf = (from: StackTemplate): string => JSON.stringify(from);

  it('reach what they are about', () => {
    other.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'fleet-dispatcher',
      TracingConfig: { Mode: 'Active' },
      Environment: {
        Variables: Match.objectLike({
          ENTROPY_APP_ID: '7',
          ENTROPY_GITHUB_SERVER_URL: 'https://git.example.com',
          ENTROPY_GITHUB_API_URL: 'https://git.example.com/api/v3',
          ENTROPY_RUNNER_REPOSITORY: 'octo/agents',
          ENTROPY_LOG_LEVEL: 'DEBUG',
        }),
      },
    });
    other.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'fleet-webhook',
      ReservedConcurrentExecutions: 20,
    });
    other.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          ENTROPY_COORDINATOR_URL: 'https://agents.example.com',
          ENTROPY_OWNERS: 'octo',
          ENTROPY_OIDC_ISSUER: 'https://git.example.com/_services/token',
        }),
      },
    });
    other.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 50 } });
    other.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingBurstLimit: 6, ThrottlingRateLimit: 5 },
    });
    other.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/fleet/sweeper', RetentionInDays: 7 });
    other.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'fleet-spend-hour', Threshold: 3_000_000 });
    other.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: 'fleet-spend-day', Threshold: 30_000_000 });
    other.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.com' });
    expect(Object.keys(changed.Parameters ?? {})).toEqual(['BootstrapVersion']);
    expect(textOf(changed)).toContain('{"Key":"cost-centre","Value":"42"}');
  });

  it('decide what destroying removes: table and archive each for itself', () => {
    other.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
    const [audit] = resourceOf(changed, 'AWS::S3::Bucket', 'FilesAudit');
    expect(changed.Resources[audit]).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 400 } } } },
    });
    expect(textOf(changed)).toContain(
      '"ExpirationInDays":500,"Id":"expire","NoncurrentVersionExpiration":{"NoncurrentDays":1}',
    );
    const [artifacts] = resourceOf(changed, 'AWS::S3::Bucket', 'FilesArtifacts');
    expect(changed.Resources[artifacts]).toMatchObject({ DeletionPolicy: 'Retain' });
  });

  it('give it a name of its own, and tell where that has to point', () => {
    other.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'agents.example.com' });
    other.hasOutput('WebhookUrl', { Value: 'https://agents.example.com/webhook' });
    other.hasOutput('CnameTarget', {});
  });

  it('let alarms go to a topic that is there already', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
    const { template: told } = synthesise({ settings: { alarmTopicArn } });
    const given = Template.fromJSON({ ...told });
    given.resourceCountIs('AWS::SNS::Topic', 0);
    given.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [alarmTopicArn] });
  });
});
