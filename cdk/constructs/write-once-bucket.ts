import { CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { allow, type Grantee } from './statement.ts';

interface WriteOnceBucketProps {
  readonly accessLogs: IBucket;
  readonly removal: 'retain' | 'destroy';
  /** Days for which nobody removes or replaces a version, whoever wrote it. Absent: each object says it for itself. */
  readonly lockedDays?: number;
  readonly lifecycle: readonly LifecycleRule[];
}

/** Objects that are written once: versioned, lockable, and no put goes through that could lie over another. */
export class WriteOnceBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { accessLogs, removal, lockedDays, lifecycle }: WriteOnceBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      ...(lockedDays !== undefined && {
        objectLockDefaultRetention: ObjectLockRetention.governance(Duration.days(lockedDays)),
      }),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
      removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [{ id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(7) }, ...lifecycle],
    });
    // Parts of a large upload carry no condition: it is the request that completes the object which has to.
    this.#deny('PutsThatMayReplace', ['s3:PutObject'], {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    });
  }

  /** Nobody, not even who may bypass a lock: only this policy's change would let them. S3's own lifecycle is not bound by it. */
  denyDeletes(): void {
    this.#deny('Deletes', ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion']);
  }

  /** An object sent in parts gets its sum as a tag when it is whole. */
  grantPut(grantee: Grantee, prefix: string): void {
    this.#grant(grantee, 'Put', prefix, [
      's3:AbortMultipartUpload',
      's3:PutObject',
      's3:PutObjectTagging',
      's3:PutObjectVersionTagging',
    ]);
  }

  grantRead(grantee: Grantee, prefix: string): void {
    this.#grant(grantee, 'Get', prefix, ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectVersionTagging']);
    // Without it S3 says of what is not there that it is forbidden.
    const actions = ['s3:ListBucket', 's3:ListBucketVersions'];
    allow(grantee, { sid: `List${this.node.id}`, actions, resources: [this.bucket.bucketArn] });
  }

  #grant(grantee: Grantee, verb: string, prefix: string, actions: readonly string[]): void {
    const resource = this.bucket.arnForObjects(`${prefix}/*`);
    allow(grantee, { sid: `${verb}${this.node.id}`, actions, resources: [resource] });
    acknowledge(grantee.role, {
      [`AwsSolutions-IAM5[Resource::<${this.#logicalId()}.Arn>/${prefix}/*]`]:
        'Objects are named after runs and days that are not there yet: one prefix of one bucket is the least.',
    });
  }

  #logicalId(): string {
    const { defaultChild } = this.bucket.node;
    if (!CfnElement.isCfnElement(defaultChild)) throw new Error('the bucket has no resource of its own');
    return Stack.of(this).getLogicalId(defaultChild);
  }

  #deny(sid: string, actions: readonly string[], conditions?: Readonly<Record<string, unknown>>): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [this.bucket.arnForObjects('*')],
        ...(conditions !== undefined && { conditions }),
      }),
    );
  }
}
