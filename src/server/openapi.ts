import { endpoints } from '../wire/endpoints/all.ts';
import { operation } from './openapi-operation.ts';
import { createSchemaBook, type Json } from './openapi-schemas.ts';

const tagTexts: Readonly<Record<string, string>> = {
  claims: 'Who works on what: leases and fencing tokens',
  tasks: 'Issues and pull requests, and where the work on each stands',
  dependencies: 'What waits for what',
  runs: 'Attempts of agents at tasks',
  agents: 'Who works, worked, and what it cost',
  budgets: 'Limits and books of money, tokens, turns, minutes and slots',
  messages: 'From agent to agent, in order, at least once',
  activity: 'Everything that happened, in order',
  keys: 'API keys of people and programs',
  queue: 'Work that waits to be handed out, and work that was given up',
  objects: 'Files that this coordinator keeps itself, by signed address',
  webhooks: 'What GitHub tells by itself',
  service: 'Health, figures and this document',
};

/** The whole protocol as OpenAPI 3.1, made of the very schemas that the server checks with. */
export function openApiDocument(version: string): Json {
  const book = createSchemaBook();
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of endpoints) {
    const path = paths[endpoint.path] ?? {};
    path[endpoint.method.toLowerCase()] = operation(endpoint, book);
    paths[endpoint.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Entropy Playground coordinator',
      version,
      summary: 'Claims with fencing, tasks, runs, budgets, dependencies and messages of agents',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tagTexts).map(([name, description]) => ({ name, description })),
    security: [{ apiKey: [] }, { githubOidc: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key: `entropy_…`. Roles: viewer reads, operator works, admin sets limits and makes keys.',
        },
        githubOidc: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "GitHub's OIDC token of a workflow job, for keys under its own repository.",
        },
        githubSignature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Hub-Signature-256',
          description: 'HMAC-SHA256 over the bytes of the body, by a secret that GitHub and the coordinator share.',
        },
      },
      schemas: book.named(),
    },
  };
}
