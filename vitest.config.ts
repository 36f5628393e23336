import { defineConfig } from 'vitest/config';

const suite = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    pool: 'forks' as const,
  },
});

export default defineConfig({
  test: {
    projects: [
      suite('unit', 10_000),
      suite('contract', 30_000),
      suite('integration', 60_000),
      suite('e2e', 180_000),
      suite('attack', 120_000),
    ],
    maxWorkers: 2,
  },
});
