import { spawnSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

/** Debian's name, and what others call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

const executable = NAMES.map((name) =>
  spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(),
).find((path) => path !== '');

/** Why tests that need a browser are skipped; false when there is one. */
export const noBrowser: string | false = executable === undefined ? 'chromium is not installed' : false;

/** A browser; whoever opens it closes it. */
export function openBrowser(): Promise<Browser> {
  // In containers there are no namespaces for its sandbox; it is shown pages of these tests only.
  return chromium.launch({ executablePath: executable!, args: ['--no-sandbox'] });
}
