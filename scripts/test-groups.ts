import { isFast, isLong } from './test-sets.js';

/** Test files that run in one process, one after the other. */
export interface TestGroup {
  readonly name: string;
  /** Relative to test/, with `/`. */
  readonly files: readonly string[];
}

/**
 * Files with a process of their own: they measure the memory or the CPU time of their process, or change what all of it goes
 * by (the folder, the mask of new files, the folder for temporary ones).
 */
const ALONE: readonly RegExp[] = [
  /^(attacks\/(any-disk|readers)|dicom\/element-memory|extent|fuzz\/fuzz|history\/catalogue)\.test\.ts$/,
  /^(hostile\/(dicom|json)|report\/run|run\/memory|run\/pixels-unread|source\/ahead-memory)\.test\.ts$/,
];

/** Of the slow files, and of the fast ones: enough groups for those side by side to end at nearly the same time. */
const MOST_SLOW = 10;
const MOST_FAST = 12;

/**
 * Puts test files into groups: to start a process, and to compile there what reads and writes, takes longer than most files
 * do. Groups that take longest come first: at the end one of them would run alone.
 * @param names relative to test/, with `/`
 */
export function groupsOf(names: readonly string[]): readonly TestGroup[] {
  const sorted = [...names].sort();
  const isAlone = (name: string) => isLong(name) || ALONE.some((alone) => alone.test(name));
  const together = sorted.filter((name) => !isAlone(name));
  return [
    ...sorted.filter(isLong).map((name) => group([name])),
    ...parts(together.filter((name) => !isFast(name)), MOST_SLOW),
    ...sorted.filter((name) => isAlone(name) && !isLong(name)).map((name) => group([name])),
    ...parts(together.filter(isFast), MOST_FAST),
  ]; // prettier-ignore
}

/** Parts of nearly the same number of files. */
function parts(names: readonly string[], most: number): readonly TestGroup[] {
  const count = Math.ceil(names.length / most);
  const start = (index: number) => Math.round((index * names.length) / count);
  return Array.from({ length: count }, (_, index) => group(names.slice(start(index), start(index + 1))));
}

/** Named after its first file. */
function group(files: readonly string[]): TestGroup {
  return { name: files[0]!.replace(/\.test\.ts$/, '').replaceAll('/', '-'), files };
}

/** Longer than any file takes. */
const MOST_OF_FILE_MS = 20 * 60_000;

/**
 * The module that runs a group: each file in a suite of its name, in which its own hooks and tests stay.
 * @param mostMs after which a file that stands still fails, and the next one has its turn
 */
export function groupModule({ files }: TestGroup, mostMs = MOST_OF_FILE_MS): string {
  const built = files.map((name) => name.replace(/\.ts$/, '.js'));
  return `import { suite } from 'node:test';
for (const file of ${JSON.stringify(built)})
  await suite(file, { timeout: ${mostMs} }, () => import(\`../test/\${file}\`));
`;
}
