import { LineCounter, parseDocument, isMap, isNode, isScalar, type Document } from 'yaml';
import { listSchemaFiles, readSchemaText } from '../../schemas/files.js';
import { UsageFault } from '../base/fault.js';
import { checkSpec, type SpecProblem } from './check-spec.js';
import type { CohortSpec } from './spec.js';

/** Specs are a screen or two; more is no spec, or one that is meant to do harm. */
const CHARACTERS_AT_MOST = 1 << 18;

/**
 * A spec from its YAML text.
 * @param file for the sentence
 * @throws UsageFault with file, line and column of the first thing that is wrong
 */
export function parseSpec(text: string, file: string): CohortSpec {
  if (text.length > CHARACTERS_AT_MOST)
    throw new UsageFault(
      `${file} is no spec of a cohort: it is longer than ${CHARACTERS_AT_MOST} characters`,
    );
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    const place = lines.linePos(error.pos[0]);
    const [what] = error.message.split(/ at line |\n/);
    throw new UsageFault(`${file}:${place.line}:${place.col}: ${what!}`);
  }
  const content = contentOf(document, file);
  const problem = checkSpec(content);
  if (problem === null) return content as CohortSpec;
  const place = lines.linePos(offsetOf(document, problem));
  throw new UsageFault(`${file}:${place.line}:${place.col}: ${problem.what}`);
}

/** As plain data; what stands for many things by few letters is refused. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageFault(`${file} cannot be read as YAML (${(error as Error).message})`);
  }
}

/** Where what is wrong stands, or else the nearest thing around it that stands somewhere. */
function offsetOf(document: Document, { path, isKey }: SpecProblem): number {
  if (isKey) {
    const key = keyNode(document, path);
    if (key !== null) return key;
  }
  for (let depth = path.length; depth > 0; depth--) {
    const node: unknown = document.getIn(path.slice(0, depth).map(step), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyNode(document: Document, path: readonly string[]): number | null {
  const above = path.slice(0, -1).map(step);
  const map: unknown = above.length === 0 ? document.contents : document.getIn(above, true);
  if (!isMap(map)) return null;
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? null) : null;
}

/** Items of lists are found by number. */
function step(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}

/** Names of the specs that come with the program, sorted. */
export function shippedNames(): string[] {
  return listSchemaFiles('cohorts')
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));
}

/** @throws UsageFault when there is none of this name */
export function shippedSpec(name: string): CohortSpec {
  if (!shippedNames().includes(name))
    throw new UsageFault(
      `there is no cohort ${JSON.stringify(name)}: there are ${shippedNames().join(', ')}, or give a file that ends with .yaml`,
    );
  return parseSpec(readSchemaText(`cohorts/${name}.yaml`), `${name}.yaml`);
}
