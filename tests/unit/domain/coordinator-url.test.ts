import { describe, expect, it } from 'vitest';
import { readCoordinatorUrl } from '../../../src/domain/coordinator-url.ts';

describe("a coordinator's address", () => {
  it.each([
    ['https://agents.example.com', 'https://agents.example.com'],
    [' https://agents.example.com/ ', 'https://agents.example.com'],
    ['https://example.com:8443/agents//', 'https://example.com:8443/agents'],
    ['http://localhost:7070', 'http://localhost:7070'],
    ['http://127.0.0.1:7070/', 'http://127.0.0.1:7070'],
    ['http://[::1]:7070', 'http://[::1]:7070'],
  ])('reads %j', (text, url) => {
    expect(readCoordinatorUrl(text)).toEqual({ kind: 'url', url });
  });

  it.each([
    ['agents.example.com', 'is not an address'],
    ['http://agents.example.com', 'is not https'],
    ['http://127.0.0.1.example.com', 'is not https'],
    ['http://localhost.example.com', 'is not https'],
    ['ftp://localhost/', 'is not https'],
    ['https://me:secret@agents.example.com', 'holds a user name'],
    ['https://agents.example.com/?key=1', 'holds a query'],
    ['https://agents.example.com/#x', 'holds a query'],
  ])('refuses %j: it %s', (text, problem) => {
    expect(readCoordinatorUrl(text)).toEqual({ kind: 'problem', problem: expect.stringContaining(problem) });
  });
});
