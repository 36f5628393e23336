import type { IncomingHttpHeaders } from 'node:http';
import type { FaultyService } from './fault-words.ts';

export interface ServiceCall {
  readonly service: FaultyService;
  readonly operation: string;
}

const services: Readonly<Record<string, FaultyService>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  TrentService: 'kms',
  secretsmanager: 'secretsmanager',
};

/** Which call a request to one of AWS's services is: most are named by `x-amz-target`, those of S3 by method and query. */
export function awsCall(method: string, url: string, headers: IncomingHttpHeaders): ServiceCall {
  const [target = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  const service = services[target];
  if (service !== undefined) return { service, operation };
  const asked = new URL(url, 'http://s3').searchParams;
  const about = ['tagging', 'list-type', 'uploads', 'uploadId', 'versions'].find((name) => asked.has(name));
  return { service: 's3', operation: about === undefined ? method : `${method} ${about}` };
}

/** `GET /repos/{}/{}/issues/{n}`: without the names of what it is about. */
export function githubCall(method: string, url: string): ServiceCall {
  const [address = ''] = url.split('?');
  const path = address
    .replace(/^\/api\/v3/, '')
    .replace(/^\/repos\/[^/]+\/[^/]+/, '/repos/{}')
    .replace(/\/(?:contents|git\/ref|git\/trees|git\/matching-refs|collaborators|branches|compare)\/.+$/, (part) =>
      part.endsWith('/permission')
        ? '/collaborators/{}/permission'
        : part.replace(/^(\/(?:git\/)?[^/]+)\/.*$/, '$1/{}'),
    )
    .replaceAll(/\/[0-9]+(?=\/|$)/g, '/{n}');
  return { service: 'github', operation: `${method} ${path}` };
}
