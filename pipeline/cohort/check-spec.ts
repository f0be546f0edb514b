import { Ajv, type ErrorObject } from 'ajv';
import { readSchemaJson } from '../../schemas/files.js';
import { holdOuts, shares, type CohortSpec } from './spec.js';

/** What is wrong with a spec, and where in it: keys and numbers from its top. */
export interface SpecProblem {
  readonly path: readonly string[];
  /** Whether it is the key itself that is wrong, not its value. */
  readonly isKey: boolean;
  readonly what: string;
}

/** The first thing that is wrong with a spec; null: nothing is. It says nothing of SQL. */
export function checkSpec(content: unknown): SpecProblem | null {
  const validate = new Ajv().compile(readSchemaJson('cohorts/cohort.schema.json') as object);
  // Of errors within alternatives the last is the one of the alternatives as a whole.
  if (!validate(content)) return problemOf(validate.errors!.at(-1)!);
  return checkMeaning(content as CohortSpec);
}

function problemOf(error: ErrorObject): SpecProblem {
  const path = error.instancePath.split('/').slice(1).map(unescaped);
  const { additionalProperty, propertyName } = error.params as Record<string, string | undefined>;
  const key = additionalProperty ?? propertyName;
  if (key === undefined) return { path, isKey: false, what: `${placeOf(path)} ${sentence(error)}` };
  return { path: [...path, key], isKey: true, what: keySentence(placeOf(path), key, error) };
}

/** Of a JSON pointer. */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** `steps 2 keep`, counted from 1 as people do. */
function placeOf(path: readonly string[]): string {
  if (path.length === 0) return 'the spec';
  return path.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part)).join(' ');
}

function sentence({ keyword, message, params }: ErrorObject): string {
  if (keyword === 'oneOf') return 'must have keep or drop, and not both';
  const { allowedValues } = params as { readonly allowedValues?: readonly string[] };
  if (allowedValues !== undefined) return `must be one of ${allowedValues.join(', ')}`;
  return message ?? `is against ${keyword}`;
}

function keySentence(place: string, key: string, { keyword, parentSchema, schema }: ErrorObject): string {
  if (keyword === 'propertyNames')
    return `${place} has the key ${JSON.stringify(key)}: names are small letters, digits and _`;
  const { properties } = (parentSchema ?? schema ?? {}) as { readonly properties?: object };
  const known = properties === undefined ? '' : `: it may have ${Object.keys(properties).join(', ')}`;
  return `${place} has the key ${JSON.stringify(key)}, which it cannot have${known}`;
}

/** What a schema does not say. */
function checkMeaning(spec: CohortSpec): SpecProblem | null {
  const names = new Set<string>();
  for (const [i, { name }] of spec.steps.entries()) {
    if (names.has(name)) return value(['steps', String(i), 'name'], `two steps have the name ${name}`);
    names.add(name);
  }
  const given = shares(spec);
  const sum = given.reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9)
    return value(['split'], `the shares of the splits add up to ${Number(sum.toFixed(9))}, not to 1`);
  const unknown = holdOuts(spec).find(({ split }) => !given.some((share) => share.split === split));
  return unknown === undefined
    ? null
    : {
        path: ['split', 'hold_out', unknown.split],
        isKey: true,
        what: `split hold_out names ${unknown.split}, which has no share`,
      };
}

function value(path: readonly string[], what: string): SpecProblem {
  return { path, isKey: false, what };
}
