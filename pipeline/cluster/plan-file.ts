import { createHash } from 'node:crypto';
import { EnvironmentFault } from '../base/fault.js';
import { planPath } from '../snapshot/task-folder.js';
import { parseClientId } from '../omi-db/client-id.js';
import type { ClientEntry } from '../stages/discover.js';
import { exists } from '../storage/names.js';
import { NewFile } from '../storage/new-file.js';
import { linesOf } from '../storage/read.js';
import type { FrozenPlan, FrozenRange, Share } from './frozen-plan.js';

/**
 * The plan as a file, `tasks/plan.jsonl` in the output: a line of JSON that says which version it has and its id, then lines
 * of which the id is the hash. The same database, options and current snapshot give the same id.
 */

export const PLAN_VERSION = 1;

interface Header {
  readonly format_version: number;
  readonly id: string;
  readonly created: string;
}

/** What the lines hold that there may be many of; all else is in `settings`. */
type Many = 'id' | 'database' | 'leftOut' | 'ranges' | 'tasks';

type Line =
  | { readonly settings: Omit<FrozenPlan, Many> }
  | { readonly mismatch: FrozenPlan['database'][number] }
  | { readonly left_out: string }
  | { readonly range: Omit<FrozenRange, 'clients'> & { readonly clients: readonly StoredClient[] } }
  | { readonly task: readonly Share[] };

/** The parts of her id follow from it. */
type StoredClient = Pick<ClientEntry, 'id' | 'trees' | 'outside'>;

/** Writes the plan, and gives it its id. @throws the file system's error */
export function writePlan(out: string, plan: Omit<FrozenPlan, 'id'>, created: Date): FrozenPlan {
  const hash = createHash('sha256');
  for (const line of linesOfPlan(plan)) hash.update(line);
  const id = idOf(hash.digest('hex'));
  const file = new NewFile(planPath(out));
  try {
    const header: Header = { format_version: PLAN_VERSION, id, created: created.toISOString() };
    file.write(Buffer.from(`${JSON.stringify(header)}\n`));
    for (const line of linesOfPlan(plan)) file.write(Buffer.from(line));
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
  return { ...plan, id };
}

/**
 * The plan of an output.
 * @param wanted its id; null for whichever there is
 * @throws EnvironmentFault when there is none, or another, or none that is as it was written
 */
export async function readPlan(out: string, wanted: string | null): Promise<FrozenPlan> {
  const path = planPath(out);
  if (!exists(path))
    throw new EnvironmentFault(
      `${out} has no plan: omidb-etl plan DATABASE --out makes one, and merge removes it when it has published`,
    );
  const reader = new PlanReader();
  let id: string | null = null;
  for await (const line of linesOf(path)) {
    if (id === null) id = idOfHeader(parseHeader(line), wanted, out);
    else reader.add(line);
  }
  const plan = id === null ? null : reader.plan(id);
  if (plan === null)
    throw new EnvironmentFault(`${path} is not as it was written: make it again with omidb-etl plan`);
  return plan;
}

/** @throws EnvironmentFault when it is of another version, or not the one that is wanted */
function idOfHeader(header: Partial<Header>, wanted: string | null, out: string): string {
  const { format_version: version, id } = header;
  if (version !== PLAN_VERSION || id === undefined)
    throw new EnvironmentFault(
      `${planPath(out)} is no plan of this version: make it with omidb-etl plan of this program`,
    );
  if (wanted !== null && id !== wanted)
    throw new EnvironmentFault(`the plan of ${out} is ${id} by now, and not ${wanted}: nothing was done`);
  return id;
}

function* linesOfPlan(plan: Omit<FrozenPlan, 'id'>): Generator<string> {
  const { database, leftOut, ranges, tasks, ...settings } = plan;
  yield lineOf({ settings });
  for (const mismatch of database) yield lineOf({ mismatch });
  for (const id of leftOut) yield lineOf({ left_out: id });
  for (const range of ranges) yield lineOf({ range: { ...range, clients: range.clients.map(stored) } });
  for (const task of tasks) yield lineOf({ task });
}

function lineOf(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

function stored({ id, trees, outside }: ClientEntry): StoredClient {
  return { id, trees, ...(outside === undefined ? {} : { outside }) };
}

/** What is no header has no version. */
function parseHeader(line: string): Partial<Header> {
  try {
    return (JSON.parse(line) as Partial<Header> | null) ?? {};
  } catch {
    return {};
  }
}

function idOf(hash: string): string {
  return hash.slice(0, 16);
}

/** Puts a plan together from its lines. */
class PlanReader {
  private readonly hash = createHash('sha256');
  private settings: Omit<FrozenPlan, Many> | null = null;
  private readonly database: FrozenPlan['database'][number][] = [];
  private readonly leftOut: string[] = [];
  private readonly ranges: FrozenRange[] = [];
  private readonly tasks: (readonly Share[])[] = [];
  private isSound = true;

  add(text: string): void {
    this.hash.update(`${text}\n`);
    try {
      this.take(JSON.parse(text) as Line);
    } catch {
      this.isSound = false;
    }
  }

  /** Null when the lines are not those of which it is the id. */
  plan(id: string): FrozenPlan | null {
    const { settings, database, leftOut, ranges, tasks } = this;
    if (!this.isSound || settings === null || idOf(this.hash.digest('hex')) !== id) return null;
    return { id, ...settings, database, leftOut, ranges, tasks };
  }

  private take(line: Line): void {
    if ('settings' in line) this.settings = line.settings;
    else if ('mismatch' in line) this.database.push(line.mismatch);
    else if ('left_out' in line) this.leftOut.push(line.left_out);
    else if ('task' in line) this.tasks.push(line.task);
    else this.ranges.push({ ...line.range, clients: line.range.clients.map(whole) });
  }
}

function whole(client: StoredClient): ClientEntry {
  return { ...parseClientId(client.id)!, ...client };
}
