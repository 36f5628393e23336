import type { IssueLanguage } from './evaluation-issue.ts';

/**
 * What the judge adds to the hidden tests: a test of its own with a name that nobody could know. Where the runner does not tell that
 * it passed, somebody else has told the rest.
 */
export interface Seal {
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  readonly isUnbroken: (output: string) => boolean;
}

export interface SealRequest {
  readonly language: IssueLanguage;
  /** Small letters and digits, by chance. */
  readonly nonce: string;
  /** That of the hidden tests; Go wants it. */
  readonly goPackage: string;
}

export function sealOf({ language, nonce, goPackage }: SealRequest): Seal {
  const tells = (line: string) => (output: string) => new RegExp(`^${line}`, 'm').test(output);
  switch (language) {
    case 'typescript':
    case 'javascript': {
      const file = `check/${nonce}.test.${language === 'javascript' ? 'js' : 'ts'}`;
      const text = `import { test } from 'node:test';\ntest('${nonce}', () => undefined);\n`;
      return { files: { [file]: text }, isUnbroken: tells(`ok \\d+ - ${nonce}$`) };
    }
    case 'python': {
      const text = `import unittest\n\n\nclass Seal(unittest.TestCase):\n    def test_${nonce}(self):\n        pass\n`;
      const files = { [`check/test_${nonce}.py`]: text, 'check/run.py': pythonRunner };
      return { files, isUnbroken: tells(`test_${nonce} \\(.*\\) \\.\\.\\. ok$`) };
    }
    case 'go': {
      const text = `package ${goPackage}\n\nimport "testing"\n\nfunc TestHidden_${nonce}(t *testing.T) {}\n`;
      return { files: { [`hidden_${nonce}_test.go`]: text }, isUnbroken: tells(`--- PASS: TestHidden_${nonce} `) };
    }
    default:
      return language satisfies never;
  }
}

/**
 * For `python3 -I -S -B check/run.py`: nothing of the repository is found before Python's own library, so that a `unittest.py` or a
 * `sitecustomize.py` of a change decides nothing.
 */
const pythonRunner = `import pathlib
import sys
import unittest

here = pathlib.Path(__file__).resolve().parent
sys.path.append(str(here.parent))
names = sorted(f"check.{file.stem}" for file in here.glob("test_*.py"))
unittest.main(module=None, argv=["hidden tests", "-v", *names])
`;

/** A Go test that takes the place of the runner: what it prints is what is told of all tests. */
export function takesOverRunner(file: string, text: string): boolean {
  return file.endsWith('_test.go') && /^\s*func\s+TestMain\s*\(/m.test(text);
}
