/** Tests that start processes of the program or whole runs, make samples, or read inputs of hundreds of megabytes. */
const SLOW: readonly RegExp[] = [
  /^(attacks|bench|cluster|crash|docs|fuzz|history|hostile|report|run|sample|start)\//,
  /^cohort\/(cohort|exports|flow|shipped|splits|training)\.test\.ts$/,
  /^(cases|lossless|package|run-tests)\.test\.ts$/,
];

/** Of the slow folders, what is fast all the same. */
const FAST: readonly RegExp[] = [
  /^attacks\/numbers\.test\.ts$/,
  /^cluster\/(plan-file|share-out)\.test\.ts$/,
  /^bench\/(options|stages|statistics|verdicts)\.test\.ts$/,
  /^history\/first-seen-merge\.test\.ts$/,
  /^report\/masking\.test\.ts$/,
  /^hostile\/long-texts\.test\.ts$/,
  /^run\/(arrow-file|batch-file|columns|engine-flags|formats|in-turn|protocol)\.test\.ts$/,
];

/** Whether a test file, by its path below test/, is in the set that `npm run test:fast` runs. */
export function isFast(path: string): boolean {
  return FAST.some((fast) => fast.test(path)) || !SLOW.some((slow) => slow.test(path));
}

/** Files of long loops: minutes, where others take seconds. */
const LONG = ['crash/kill.test.ts', 'crash/incremental.test.ts', 'history/files.test.ts'];

/** Whether a test file is one of those that take longest. @param name relative to test/, with `/` */
export function isLong(name: string): boolean {
  return LONG.includes(name);
}
