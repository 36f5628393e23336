import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { endpoints } from '../../wire/endpoints/all.ts';
import { wholePath } from '../../wire/whole-path.ts';
import { network } from '../client-address.ts';

/** An event of the HTTP API as the app's adapter takes it: the address as our routes read it, no body where none can be. */
export function requestEvent(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const { method } = event.requestContext.http;
  const rawPath = wholePath(endpoints, method === 'HEAD' ? 'GET' : method, event.rawPath);
  const { body, ...rest } = event;
  const bodiless = method === 'GET' || method === 'HEAD';
  return { ...rest, rawPath, ...(body === undefined || bodiless ? {} : { body }) };
}

/** What the adapter gives the app beside the request. */
interface LambdaBindings {
  readonly requestContext?: { readonly http?: { readonly sourceIp?: string } };
}

/** Where a request comes from, as the gateway saw it: no header that a caller can write counts. */
export function gatewayAddress(env: unknown): string {
  const { requestContext } = (env ?? {}) as LambdaBindings;
  return network(requestContext?.http?.sourceIp ?? 'unknown');
}
