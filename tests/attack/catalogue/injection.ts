import type { Attack } from './attack.ts';
import { titleThatRules } from './injection/p1-title.ts';
import { closedComments, openComments } from './injection/p2-comment.ts';
import { briefThatRules, codeThatSpeaks } from './injection/p3-brief.ts';
import { copiedFinding } from './injection/p3-review-marks.ts';
import { forgedSection, guessedMark, textOutsideOfItsFence } from './injection/p3-trusted-section.ts';
import { tagCharacters } from './injection/p4-tag-characters.ts';
import { invisibleCharacters } from './injection/p5-invisible.ts';
import { hiddenInLog, logThatRules } from './injection/p6-test-log.ts';
import { filesOfHead, instructionsOfHead } from './injection/p7-head.ts';
import { markdownAttacks } from './injection/p8-markdown.ts';
import { otherRepositoryRead, otherRepositoryTold } from './injection/p9-other-repository.ts';
import { poisonedDiscussion, poisonedInstructions, poisonedNotes } from './injection/p10-memory.ts';

export const injectionAttacks: readonly Attack[] = [
  titleThatRules,
  closedComments,
  openComments,
  forgedSection,
  textOutsideOfItsFence,
  guessedMark,
  copiedFinding,
  briefThatRules,
  codeThatSpeaks,
  tagCharacters,
  invisibleCharacters,
  logThatRules,
  hiddenInLog,
  instructionsOfHead,
  filesOfHead,
  ...markdownAttacks,
  otherRepositoryRead,
  otherRepositoryTold,
  poisonedNotes,
  poisonedInstructions,
  poisonedDiscussion,
];
