import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notListed, parseProxyTarget, targetProblem } from '../../../../src/domain/egress/proxy-target.ts';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
/** Of names, and of what is none, so that some of both come out. */
const odd = fc.constantFrom(...'aaaA17..:-_\0%é@[/ \u3002');
const port = fc.integer({ min: 1, max: 65_535 });

describe('where a command wants to go', () => {
  it('is read the same however the name is capitalised or ended', () => {
    fc.assert(
      fc.property(name, port, (host, at) => {
        const wanted = { kind: 'target', host, port: at };
        expect(parseProxyTarget(`${host}:${at}`)).toEqual(wanted);
        expect(parseProxyTarget(`${host.toUpperCase()}.:${at}`)).toEqual(wanted);
      }),
    );
  });

  it('is a plain ASCII name and a port, or refused, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: odd, maxLength: 20 }), port, (host, at) => {
        const text = `${host}:${at}`;
        const target = parseProxyTarget(text);
        if (target.kind === 'refused') return;
        expect(target.host).toMatch(/^[a-z0-9_.-]+$/);
        expect(target.port).toBeGreaterThan(0);
        expect(`${target.host}:${target.port}`).toBe(text.toLowerCase().replace(/\.:(\d+)$/, ':$1'));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    'a.example',
    'a.example:',
    'a.example:0',
    'a.example:00443',
    'a.example:65536',
    'a.example:443 ',
    ':443',
    '',
  ])('is refused without a name or a port: "%s"', (text) =>
    expect(parseProxyTarget(text)).toMatchObject({ kind: 'refused' }),
  );

  it('is refused in no time when it is huge', () => {
    const started = performance.now();
    for (const text of ['a'.repeat(65_536), '.'.repeat(65_536), `${'a.'.repeat(32_000)}:443`, ':'.repeat(65_536)]) {
      expect(parseProxyTarget(text).kind).toBe('refused');
    }
    expect(performance.now() - started).toBeLessThan(50);
  });

  it('is allowed when the whole name is listed, at the port of HTTPS alone', () => {
    const allowed = ['registry.example'];
    expect(targetProblem({ host: 'registry.example', port: 443 }, allowed)).toBeUndefined();
    expect(targetProblem({ host: 'registry.example', port: 80 }, allowed)).toMatch(/only 443/);
    for (const host of ['x.registry.example', 'example', 'registry.example.org', 'xregistry.example']) {
      expect(targetProblem({ host, port: 443 }, allowed)).toBe(notListed);
    }
  });
});
