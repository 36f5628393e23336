/** What a service answers that did nothing: an answer in its own words. */
export interface MadeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type FaultyService = 'dynamodb' | 'sqs' | 'kms' | 'secretsmanager' | 's3' | 'github';

/** Too much at once. */
export function throttled(service: FaultyService, operation: string, body: Buffer): MadeAnswer {
  switch (service) {
    case 'dynamodb':
      return operation === 'TransactWriteItems'
        ? conflict(body)
        : json(400, {
            __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
            message: 'The level of configured provisioned throughput for the table was exceeded',
          });
    case 's3':
      return xml(503, 'SlowDown', 'Please reduce your request rate.');
    case 'github':
      return {
        status: 403,
        headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' },
        body: JSON.stringify({
          message: 'You have exceeded a secondary rate limit. Please wait before you try again.',
        }),
      };
    default:
      return json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
  }
}

/** It is in trouble. */
export function failed(service: FaultyService): MadeAnswer {
  switch (service) {
    case 's3':
      return xml(500, 'InternalError', 'We encountered an internal error. Please try again.');
    case 'github':
      return { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><body>Unicorn!</body></html>' };
    case 'dynamodb':
      return json(500, {
        __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
        message: 'The request could not be processed',
      });
    default:
      return json(503, { __type: 'ServiceUnavailable', message: 'Service is temporarily unavailable' });
  }
}

/** Another transaction has its hands on one of the items. */
function conflict(body: Buffer): MadeAnswer {
  const { TransactItems = [] } = JSON.parse(body.toString('utf8')) as { readonly TransactItems?: readonly unknown[] };
  const CancellationReasons = TransactItems.map((_, index) =>
    index === 0 ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } : { Code: 'None' },
  );
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  return json(400, {
    __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons,
  });
}

function json(status: number, told: object): MadeAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(told) };
}

function xml(status: number, code: string, message: string): MadeAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
