import type { ArgumentsCamelCase, Argv, InferredOptionType, Options } from 'yargs';

/**
 * An option of a command: what the parser, the help, docs/running.md and manifest.json say of it, in one place. Paths, ids and
 * numbers are declared strings: yargs makes numbers of bare digits, and NaN of `abc`.
 */
export interface OptionSpec extends Options {
  /** For the help: a line. */
  readonly describe: string;
  /** For docs/running.md, in Markdown, where there is more to say. */
  readonly readme?: string;
  /** Makes the value of what was given. @throws UsageFault when that is no value of the option */
  readonly parse?: (given: never) => unknown;
  /** Name in `options` of manifest.json; an option that a snapshot says nothing of has none. */
  readonly manifest?: string;
  /** What manifest.json gets instead of the value. */
  readonly echo?: (value: never) => unknown;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** The options of a command as yargs gives them. */
export type Given<O extends OptionTable> = ArgumentsCamelCase<{
  [Name in keyof O]: InferredOptionType<O[Name]>;
}>;

/** The values of options, by name. */
export type Values<O extends OptionTable> = {
  readonly [Name in keyof O]: O[Name] extends { parse: (given: never) => infer Value }
    ? Value
    : InferredOptionType<O[Name]>;
};

/** Tells yargs of the options. A forgotten value is a mistake, not the empty text. */
export function withOptions<T, O extends OptionTable>(yargs: Argv<T>, options: O) {
  const withValue = Object.keys(options).filter((name) => options[name]!.type !== 'boolean');
  return yargs.options(options).requiresArg(withValue);
}

/** The values of options. @throws UsageFault for the first that cannot be understood */
export function parseOptions<O extends OptionTable>(options: O, given: Given<O>): Values<O> {
  const values = Object.entries(options).map(([name, { parse }]) => {
    const value = (given as Record<string, unknown>)[name];
    return [name, parse === undefined ? value : parse(value as never)];
  });
  return Object.fromEntries(values) as Values<O>;
}

/** What manifest.json says of the values of options. */
export function echoOptions<O extends OptionTable>(options: O, values: Values<O>): Record<string, unknown> {
  const echoes = Object.entries<OptionSpec>(options).flatMap(([name, { manifest, echo }]) => {
    if (manifest === undefined) return [];
    const value = values[name];
    return [[manifest, echo === undefined ? value : echo(value as never)]];
  });
  return Object.fromEntries(echoes) as Record<string, unknown>;
}

/** Names of options of which every value counts, in both spellings of yargs. */
export function repeatable(options: OptionTable): ReadonlySet<string> {
  const names = Object.keys(options).filter((name) => options[name]!.array === true);
  return new Set(names.flatMap((name) => [name, camelCase(name)]));
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Options that several commands have. */
export const OUT = {
  out: { type: 'string', default: 'output', describe: 'Folder that snapshots are published in' },
} as const satisfies OptionTable;
