/** AWS's list prices in US dollars for us-east-1, as read in November 2026 on the page that is named. */
export const prices = {
  kmsKeyMonth: { usd: 1, per: 1, unit: 'key and month', page: 'https://aws.amazon.com/kms/pricing/' },
  kmsRequest: { usd: 0.03, per: 10_000, unit: 'requests', page: 'https://aws.amazon.com/kms/pricing/' },
  secretMonth: { usd: 0.4, per: 1, unit: 'secret and month', page: 'https://aws.amazon.com/secrets-manager/pricing/' },
  alarmMetricMonth: {
    usd: 0.1,
    per: 1,
    unit: 'metric of an alarm and month',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  ownMetricMonth: {
    usd: 0.3,
    per: 1,
    unit: 'metric of our own and month',
    page: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboardMonth: { usd: 3, per: 1, unit: 'dashboard and month', page: 'https://aws.amazon.com/cloudwatch/pricing/' },
  logGigabyte: { usd: 0.5, per: 1, unit: 'GB of logs taken in', page: 'https://aws.amazon.com/cloudwatch/pricing/' },
  lambdaCall: { usd: 0.2, per: 1_000_000, unit: 'calls', page: 'https://aws.amazon.com/lambda/pricing/' },
  lambdaGigabyteSecond: {
    usd: 0.000_013_333_4,
    per: 1,
    unit: 'GB second on arm64',
    page: 'https://aws.amazon.com/lambda/pricing/',
  },
  httpRequest: { usd: 1, per: 1_000_000, unit: 'requests', page: 'https://aws.amazon.com/api-gateway/pricing/' },
  sqsRequest: { usd: 0.4, per: 1_000_000, unit: 'requests', page: 'https://aws.amazon.com/sqs/pricing/' },
  writeUnit: {
    usd: 0.625,
    per: 1_000_000,
    unit: 'write units',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  readUnit: {
    usd: 0.125,
    per: 1_000_000,
    unit: 'read units',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  tableGigabyteMonth: {
    usd: 0.45,
    per: 1,
    unit: 'GB of table and month, 0.20 of it for PITR',
    page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  s3Put: { usd: 0.005, per: 1_000, unit: 'puts', page: 'https://aws.amazon.com/s3/pricing/' },
  s3Get: { usd: 0.000_4, per: 1_000, unit: 'reads', page: 'https://aws.amazon.com/s3/pricing/' },
  s3GigabyteMonth: { usd: 0.023, per: 1, unit: 'GB and month', page: 'https://aws.amazon.com/s3/pricing/' },
} as const satisfies Readonly<Record<string, Price>>;

interface Price {
  readonly usd: number;
  readonly per: number;
  readonly unit: string;
  readonly page: string;
}
export type PriceName = keyof typeof prices;
