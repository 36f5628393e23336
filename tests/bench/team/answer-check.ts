import { changedFile, type Turn } from './turn.ts';

/** What the coder does about the check that is red on the way. */
export const answerCheck: Turn[] = [
  [
    [
      'edit_file',
      {
        path: changedFile,
        old_text: '  if (slug.startsWith(separator, maxLength)) return cut;\n',
        new_text:
          '  // The limit may fall between two words.\n  if (slug.startsWith(separator, maxLength)) return cut;\n',
      },
    ],
  ],
  [['bash', { command: 'npm test' }]],
  [
    [
      'submit',
      {
        title: 'Say why the cut may stay',
        body: 'The check wants a reason beside an early return.',
        verified: ['`npm test`: all pass'],
      },
    ],
  ],
];
