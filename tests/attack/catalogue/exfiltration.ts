import type { Attack } from './attack.ts';
import { secretInName } from './exfiltration/x1-dns.ts';
import { nulInName, twoNamesForOneTunnel } from './exfiltration/x2-odd-names.ts';
import { addressesForNames } from './exfiltration/x3-addresses.ts';
import { nameOfLoopback, nameThatTurns } from './exfiltration/x4-inner-names.ts';
import { openForAgents, setUpAtLarge, withoutProxy } from './exfiltration/x5-around-the-proxy.ts';
import { redirectOutside } from './exfiltration/x6-redirects.ts';
import { attackersToken } from './exfiltration/x7-credentials.ts';
import { liveAddress, markdownImage } from './exfiltration/x8-markdown-image.ts';
import { foreignPattern, keyInHandOver, notTheBase } from './exfiltration/x9-hand-over.ts';
import { toldByReports } from './exfiltration/x9-reports.ts';
import { spelledInEnd, spelledInFile, spelledInWords, spreadOverFiles } from './exfiltration/x9-spelled-secrets.ts';
import { keptByCoordinator, quotedByFault, toldByStep } from './exfiltration/x9-what-is-said.ts';
import { secretInAuthor, secretInBranch, secretInFileName } from './exfiltration/x10-names.ts';

export const exfiltrationAttacks: readonly Attack[] = [
  secretInName,
  nulInName,
  twoNamesForOneTunnel,
  addressesForNames,
  nameOfLoopback,
  nameThatTurns,
  withoutProxy,
  setUpAtLarge,
  openForAgents,
  redirectOutside,
  attackersToken,
  markdownImage,
  liveAddress,
  spelledInFile,
  spreadOverFiles,
  spelledInWords,
  spelledInEnd,
  keyInHandOver,
  foreignPattern,
  notTheBase,
  toldByReports,
  toldByStep,
  keptByCoordinator,
  quotedByFault,
  secretInBranch,
  secretInFileName,
  secretInAuthor,
];
