import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { WriteOnceBucket } from './write-once-bucket.ts';

interface StoredFilesProps {
  readonly auditRemoval: 'retain' | 'destroy';
  readonly auditRetentionDays: number;
  /** Absent: for good. */
  readonly auditExpirationDays?: number | undefined;
  readonly artifactRetentionDays: number;
}

/** Files of runs, and the archive of what happened; who touched either is logged in a third bucket. */
export class StoredFiles extends Construct {
  readonly artifacts: WriteOnceBucket;
  readonly audit: WriteOnceBucket;

  constructor(scope: Construct, id: string, settings: StoredFilesProps) {
    super(scope, id);
    const accessLogs = asInterface(
      new Bucket(this, 'AccessLogs', {
        encryption: BucketEncryption.S3_MANAGED,
        blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
        objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforceSSL: true,
        minimumTLSVersion: 1.2,
        removalPolicy: RemovalPolicy.RETAIN,
        lifecycleRules: [
          {
            id: 'expire',
            expiration: Duration.days(settings.auditRetentionDays),
            abortIncompleteMultipartUploadAfter: Duration.days(7),
          },
        ],
      }),
    );
    this.artifacts = new WriteOnceBucket(this, 'Artifacts', {
      accessLogs,
      removal: 'retain',
      lifecycle: expiredAfter(settings.artifactRetentionDays),
    });
    this.audit = new WriteOnceBucket(this, 'Audit', {
      accessLogs,
      removal: settings.auditRemoval,
      lockedDays: settings.auditRetentionDays,
      lifecycle: expiredAfter(settings.auditExpirationDays),
    });
    this.audit.denyDeletes();
  }
}

/** With versions an object is first put out of sight, then removed. */
function expiredAfter(days: number | undefined): readonly LifecycleRule[] {
  if (days === undefined) return [];
  return [{ id: 'expire', expiration: Duration.days(days), noncurrentVersionExpiration: Duration.days(1) }];
}

/** The class may leave `isWebsite` out and the interface may not, which `exactOptionalPropertyTypes` minds. */
function asInterface(bucket: Bucket): IBucket {
  const whole = (candidate: Bucket): candidate is Bucket & IBucket => candidate.isWebsite !== undefined;
  if (!whole(bucket)) throw new Error('the bucket does not tell whether it is a website');
  return bucket;
}
