import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { MakeOptions } from './stack-by-cloudformation.ts';
import { type KnownValues, resolveValue, resourcesOf } from './template-values.ts';

/** What the stack sets for buckets and what is made here of it; encryption, ownership and logs change nothing for tests. */
const bucketShape = z.object({
  ObjectLockEnabled: z.boolean().default(false),
  ObjectLockConfiguration: z
    .object({
      Rule: z.object({ DefaultRetention: z.object({ Days: z.int(), Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']) }) }),
    })
    .optional(),
  LifecycleConfiguration: z.object({
    Rules: z.array(
      z.object({
        Id: z.string(),
        Status: z.enum(['Enabled', 'Disabled']),
        ExpirationInDays: z.int().optional(),
        NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.int() }).optional(),
        AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: z.int() }).optional(),
      }),
    ),
  }),
});
const policyShape = z.looseObject({ Statement: z.array(z.looseObject({ Condition: z.unknown().optional() })) });
type BucketShape = z.output<typeof bucketShape>;

/** Through S3's own operations: moto's CloudFormation knows neither versions nor locks nor lifecycles of a bucket. */
export async function createBuckets({ template, access, endpoint, known }: MakeOptions): Promise<KnownValues> {
  const client = new S3Client({
    region: access.region,
    endpoint,
    forcePathStyle: true,
    credentials: await access.credentials(),
  });
  const made = new Map<string, string>();
  try {
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::S3::Bucket')) {
      const Bucket = `entropy-${randomUUID()}`;
      await createBucket(client, Bucket, bucketShape.parse(resolveWhatCanBe(Properties, known)));
      made.set(`${id}.Ref`, Bucket).set(`${id}.Arn`, `arn:aws:s3:::${Bucket}`);
    }
    const all = new Map([...known, ...made]);
    for (const [, { Properties = {} }] of resourcesOf(template, 'AWS::S3::BucketPolicy')) {
      const Bucket = String(resolveValue(Properties['Bucket'], all));
      const policy = policyShape.parse(resolveValue(Properties['PolicyDocument'], all));
      // moto refuses what a condition denies without looking at the condition.
      const Statement = policy.Statement.filter(({ Condition }) => Condition === undefined);
      if (Statement.length === 0) continue;
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ ...policy, Statement }) }));
    }
    return made;
  } finally {
    client.destroy();
  }
}

/** Buckets name each other for their access logs, which are not made here. */
function resolveWhatCanBe(properties: Readonly<Record<string, unknown>> = {}, known: KnownValues): unknown {
  const { LoggingConfiguration: _logs, ...others } = properties;
  return resolveValue(others, known);
}

async function createBucket(client: S3Client, Bucket: string, shape: BucketShape): Promise<void> {
  const { ObjectLockEnabled, ObjectLockConfiguration: lock, LifecycleConfiguration: lifecycle } = shape;
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: ObjectLockEnabled }));
  if (lock !== undefined)
    await client.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: lock.Rule },
      }),
    );
  const Rules = lifecycle.Rules.map(lifecycleRule);
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

function lifecycleRule(rule: BucketShape['LifecycleConfiguration']['Rules'][number]): LifecycleRule {
  const { Id, Status, ExpirationInDays, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule;
  return {
    ID: Id,
    Status,
    Filter: { Prefix: '' },
    ...(ExpirationInDays !== undefined && { Expiration: { Days: ExpirationInDays } }),
    ...(NoncurrentVersionExpiration && { NoncurrentVersionExpiration }),
    ...(AbortIncompleteMultipartUpload && { AbortIncompleteMultipartUpload }),
  };
}
