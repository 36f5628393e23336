import { parseRunResult } from '../../../../src/flows/run-result-schema.ts';
import { readyResult } from '../../../fakes/publish-scene.ts';
import { spelledIn } from '../../../fakes/secret-spellings.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';
import { publishing, token } from './publishing.ts';

/** Letters that no normalisation takes apart; the name of a branch spells them out. */
const lookAlike: Readonly<Record<string, string>> = { o: 'ø', d: 'đ', l: 'ł', a: 'à' };

/** A password of few letters, so that all of it fits into the name of a branch, and spelt so that a title hides it. */
const password = ['dolo', '7d4l', '9odo', '3ldo', '5dld'].join('');
const hidden = [...password].map((char) => lookAlike[char] ?? char).join('');

export const secretInBranch: Attack = {
  id: 'X10',
  title: 'a secret in the name of the branch, out of a title whose letters only become it there',
  async attack() {
    const { report, left } = await publishing({ submission: { title: `Keep ${hidden}` }, known: { password } });
    const branches = left.split('\n').filter((line) => line.includes(password));
    if (branches.length > 0) return escaped(`it is the name of a branch: ${branches[0]}`);
    return report.error?.code === 'E602' ? contained('nothing was published') : escaped(report.reason);
  },
  async twin() {
    const { report } = await publishing({ submission: { title: 'Keep røde grød med fløde' }, known: { password } });
    return report.branch?.endsWith('keep-rode-grod-med-flode') === true
      ? passed(report.branch)
      : hindered(report.reason);
  },
};

export const secretInFileName: Attack = {
  id: 'X10',
  title: 'a secret in the name of a file, behind more files than a pull request lists',
  async attack() {
    const many = Object.fromEntries(Array.from({ length: 45 }, (_, at) => [`src/file-${at}.txt`, `${at}\n`]));
    const { report, left } = await publishing({ change: { ...many, [`src/z/${token}.txt`]: 'x\n' } });
    if (spelledIn(left, token).length > 0) return escaped('the tree on the forge holds the name');
    return report.error?.code === 'E602' ? contained('nothing was published') : escaped(report.reason);
  },
  async twin() {
    const many = Object.fromEntries(Array.from({ length: 46 }, (_, at) => [`src/file-${at}.txt`, `${at}\n`]));
    const { report } = await publishing({ change: many });
    return report.outcome === 'succeeded' ? passed('46 files were published') : hindered(report.reason);
  },
};

export const secretInAuthor: Attack = {
  id: 'X10',
  title: 'a secret as author of the commit, as a model’s name in its trailer',
  async attack() {
    const { left, report } = await publishing({ result: { model: `claude ${token}` } });
    if (spelledIn(left, token).length > 0) return escaped('a trailer of the commit tells it');
    if (report.error?.code !== 'E602') return escaped(report.reason);
    const forged = { ...readyResult(undefined), author: { name: token, email: `${token}@attacker.test` } };
    const taken = await parseRunResult(forged).then(
      () => true,
      () => false,
    );
    return taken
      ? escaped('a hand-over may name an author')
      : contained('no author can be named, and no trailer holds it');
  },
  async twin() {
    const { left } = await publishing({ result: { model: 'claude-opus-4-8' } });
    return left.includes('(claude-opus-4-8)') ? passed('the trailer names the model') : hindered(left.slice(0, 400));
  },
};
