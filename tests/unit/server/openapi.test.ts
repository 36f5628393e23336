import { describe, expect, test } from 'vitest';
import { docsHtml, docsPolicy } from '../../../src/server/docs-page.ts';
import { createMetrics } from '../../../src/server/metrics.ts';
import { openApiDocument } from '../../../src/server/openapi.ts';
import { endpoints } from '../../../src/wire/endpoints/all.ts';

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = openApiDocument('1.2.3');
const { paths, components } = document as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>>; readonly securitySchemes: object };
};

describe('the OpenAPI document', () => {
  test('tells of every endpoint once, with the problems that it may answer', () => {
    for (const { id, method, path, access } of endpoints) {
      const operation = paths[path]?.[method.toLowerCase()];
      expect(operation?.operationId).toBe(id);
      const statuses = Object.keys(operation?.responses ?? {});
      expect(statuses).toEqual(expect.arrayContaining(['429', '500', '503']));
      if (access.role !== 'anybody') expect(statuses).toEqual(expect.arrayContaining(['400', '401', '403']));
    }
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length);
  });

  test('has every schema that it refers to, and no identifier that would move references', () => {
    const text = JSON.stringify(document);
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(components.schemas).toHaveProperty(name);
    }
    expect(text).not.toContain('$defs');
    expect(text).not.toMatch(/"id":"/);
    expect(Object.keys(components.schemas)).toEqual(
      expect.arrayContaining(['ClaimKey', 'ClaimRecord', 'Lease', 'Problem', 'RunRecord', 'TaskView', 'ActivityEvent']),
    );
  });

  test('is a page that needs nothing else, and runs nothing', () => {
    const html = docsHtml(document);
    for (const { id } of endpoints) expect(html).toContain(`id="${id}"`);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|https?:\/\/(?!github\.com)/i);
    expect(docsPolicy).toContain("default-src 'none'");
    expect(docsPolicy).not.toContain('unsafe');
  });
});

describe('the figures', () => {
  test('are in the text format of Prometheus, with labels that cannot break it', () => {
    const metrics = createMetrics();
    metrics.observe('acquireClaim', 200, 0.003);
    metrics.observe('acquireClaim', 409, 0.2);
    const help = 'What is left.';
    const text = metrics.render([{ name: 'left', help, values: [{ labels: { budget: 'a"b\\c\nd' }, value: 1.5 }] }]);
    expect(text).toContain('entropy_requests_total{endpoint="acquireClaim",status="4xx"} 1');
    expect(text).toContain('entropy_request_seconds_bucket{endpoint="acquireClaim",le="0.005"} 1');
    expect(text).toContain('entropy_request_seconds_bucket{endpoint="acquireClaim",le="+Inf"} 2');
    expect(text).toContain('left{budget="a\\"b\\\\c\\nd"} 1.5');
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) |\w+(\{.*\})? [0-9.e-]+$)/);
  });
});
