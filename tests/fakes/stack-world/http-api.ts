import { createServer, type IncomingMessage } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { StackFunction } from './stack-function.ts';

/** API Gateway's HTTP API, payload version 2.0: `POST /webhook` goes to one function, everything else to the other. */
export interface HttpApi extends AsyncDisposable {
  readonly url: string;
  /** Before that it answers 503. */
  route(functions: {
    readonly webhook: Pick<StackFunction, 'invoke'>;
    readonly api: Pick<StackFunction, 'invoke'>;
  }): void;
}

/** `isQuiet`: nobody is told of functions that fail, for who makes them fail. */
export async function startHttpApi({ isQuiet = false } = {}): Promise<HttpApi> {
  let functions:
    | { readonly webhook: Pick<StackFunction, 'invoke'>; readonly api: Pick<StackFunction, 'invoke'> }
    | undefined;
  const server = createServer((request, response) => {
    void (async () => {
      try {
        if (functions === undefined) return response.writeHead(503).end();
        const isWebhook = request.method === 'POST' && request.url?.split('?')[0] === '/webhook';
        const event = await eventOf(request);
        const answer = await (isWebhook ? functions.webhook : functions.api).invoke<APIGatewayProxyStructuredResultV2>(
          event,
        );
        const { statusCode = 200, headers = {}, body = '', isBase64Encoded = false, cookies } = answer;
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
        if (cookies !== undefined) response.setHeader('set-cookie', cookies);
        response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
      } catch (error) {
        // What API Gateway says of a function that failed.
        response
          .writeHead(500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ message: 'Internal Server Error' }));
        if (!isQuiet) process.stderr.write(`${error}\n`);
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    route: (to) => {
      functions = to;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function eventOf(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  // Text goes as text, everything else as base64, as API Gateway does by the type of the content.
  const isText = /^(?:text\/|application\/(?:json|problem\+json|x-www-form-urlencoded))/.test(
    headers['content-type'] ?? '',
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(query !== '' && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'local',
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: `request-${Math.random().toString(36).slice(2)}`,
      routeKey: '$default',
      stage: '$default',
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
    ...(bytes.length > 0 && { body: bytes.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: bytes.length > 0 && !isText,
  };
}
