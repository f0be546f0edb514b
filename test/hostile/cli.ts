import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CLI, withoutEvents } from '../helpers/cli.js';
import { BOUNDED } from '../helpers/processes.js';
import type { Database } from './database.js';

/** Has the process say at its end how much memory it took at most, in KiB. */
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxrss "+process.resourceUsage().maxRSS))';

export interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly megabytes: number;
  /** The published mismatches as `kind path`, sorted. */
  readonly kinds: readonly string[];
  /** Rows by table, of the published manifest. */
  readonly rows: Readonly<Record<string, number>>;
  /** What `current` points to; null when nothing is published. */
  readonly current: string | null;
}

/**
 * Runs the command line on a database in a process of its own.
 * @param user id of the user to run as, where it is not this one
 */
export async function runCli(
  database: Database,
  args: readonly string[] = [],
  user?: number,
): Promise<Outcome> {
  const argv = [
    '--import',
    TELL_MEMORY,
    CLI,
    'run',
    database.folder,
    '--out',
    database.out,
    '--workers',
    '2',
  ];
  const child = spawn(process.execPath, [...argv, '--no-report', '--no-progress', ...args], {
    ...BOUNDED,
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const megabytes = Number(/maxrss (\d+)/.exec(output)?.[1] ?? Number.NaN) / 1024;
  return { exitCode, output: withoutEvents(output), megabytes, ...published(database.out) };
}

function published(out: string): Pick<Outcome, 'kinds' | 'rows' | 'current'> {
  const link = join(out, 'current');
  if (!existsSync(link)) return { kinds: [], rows: {}, current: null };
  const lines = readFileSync(join(link, 'mismatches.jsonl'), 'utf8').split('\n').slice(0, -1);
  const kinds = lines.map((line) => {
    const { kind, path } = JSON.parse(line) as { kind: string; path: string | null };
    return `${kind} ${String(path)}`;
  });
  const manifest = JSON.parse(readFileSync(join(link, 'manifest.json'), 'utf8')) as {
    tables: Record<string, { rows: number }>;
  };
  const rows = Object.fromEntries(Object.entries(manifest.tables).map(([name, table]) => [name, table.rows]));
  return { kinds: kinds.sort(), rows, current: readlinkSync(link) };
}
