import { spawn } from 'node:child_process';

const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer.exe' };

/** Asks the desktop to show a page. Whether it did nobody tells, so the address is printed all the same. */
export function openBrowser(url: string): void {
  const child = spawn(openers[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true });
  // No desktop here.
  child.on('error', () => undefined);
  child.unref();
}
