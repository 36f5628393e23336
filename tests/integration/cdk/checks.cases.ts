import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { synthesise } from '../../fakes/synthesised-stack.ts';

describe('cdk-nag', () => {
  const findings = ({ app }: ReturnType<typeof synthesise>): readonly string[] =>
    [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap((pack) =>
      pack.validateScope(app).violations.map(({ ruleName }) => ruleName),
    );

  it('finds nothing that is not answered, in the packs AwsSolutions and Serverless', () => {
    expect(findings(synthesise())).toEqual([]);
  });

  it('finds nothing with every setting that adds a resource', () => {
    const settings = {
      alarmEmail: 'on-call@example.com',
      tracing: 'active',
      tableRemoval: 'destroy',
      domainName: 'agents.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b',
    };
    expect(findings(synthesise({ settings }))).toEqual([]);
  });

  it('finds a bucket that somebody adds without a thought', () => {
    const made = synthesise();
    new Bucket(made.stack, 'Planted');
    expect(findings(made).join(' ')).toMatch(/AwsSolutions-S1.*AwsSolutions-S10|AwsSolutions-S10.*AwsSolutions-S1/);
  });
});
