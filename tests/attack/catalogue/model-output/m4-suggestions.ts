import { withoutSuggestions } from '../../../../src/domain/review/finding-comment.ts';
import { reportedScene } from '../../../fakes/reported-scene.ts';
import { type Attack, contained, escaped, hindered, passed } from '../attack.ts';

const path = 'src/slugify.ts';
const place = { path, line: 2, severity: 'minor', category: 'style', title: 'A word' } as const;

/** The comments of a review with this finding, as they are posted. */
async function posted(finding: { readonly body: string; readonly suggestion?: string }): Promise<string> {
  const { deliver, forge } = await reportedScene('review');
  const findings = [{ ...place, ...finding }];
  await deliver({ kind: 'review', summary: finding.body, findings, earlier: [], notReviewed: [] });
  const { allComments, allReviews } = forge.reviews;
  return [...allComments, ...allReviews].map(({ body }) => body).join('\n');
}

/** Lines that GitHub would make a button of: it decodes entities where a block says what it holds. */
const buttons = /^[\s>*+\-\d.)]*(?:`{3,}|~{3,})[ \t]*(?:s|&#115;|&#x73;)uggestion/gim;

export const hiddenButtons: Attack = {
  id: 'M4',
  title: 'a finding hides a button in its words, which changes code when somebody presses it',
  attack: async () => {
    for (const word of ['suggestion', 'SUGGESTION', '&#115;uggestion', '&#x73;uggestion']) {
      const text = await posted({ body: `Look:\n\n\`\`\`${word}\nrun(evil);\n\`\`\`\n` });
      if (!text.includes('run(evil)')) return escaped('not judged: the words are not there');
      if (buttons.test(text)) return escaped(`a button by "${word}"`);
    }
    return contained('only what was handed over as a suggestion becomes one');
  },
  twin: async () => {
    const text = await posted({ body: 'Better so.', suggestion: 'two();' });
    const plain = withoutSuggestions('```ts\na\n```');
    const shown = text.match(buttons)?.length === 1 && plain.startsWith('```ts');
    return shown ? passed('a suggestion for the very line is a button') : hindered(text.slice(0, 500));
  },
};
