/**
 * To which stage a moment of work belongs: that of the deepest frame on the stack whose module is in this table. So a
 * library, or a helper that several stages use, counts for the stage that called it.
 */

export const STAGES = [
  'discover',
  'read',
  'parse',
  'flatten',
  'reconcile',
  'encode',
  'verify',
  'publish',
  'load',
  'other',
] as const;

export type Stage = (typeof STAGES)[number];

/** A frame of a stack: where its module lies, and the name of the function. */
export interface Frame {
  readonly url: string;
  readonly function: string;
}

/** Modules (`url#function` where one of them differs) and their stage; the first that fits counts. */
const MODULES: readonly (readonly [RegExp, Stage])[] = [
  // Opening is reading, listing is discovering.
  [
    /\/pipeline\/source\/local-source\.js#(list|listRoot|listFolder|entryOf|statOf|kindOf|stateOf)$/,
    'discover',
  ],
  [/\/pipeline\/source\//, 'read'],
  [/\/pipeline\/omi-db\/(layout|client-id)\.js#/, 'discover'],
  // The stamp is made of what the walk lists, to tell whether anything changed.
  [/\/pipeline\/stages\/(discover|stamp|walk)\.js#/, 'discover'],
  [/\/pipeline\/stages\/(extract|read-counts|budgets|oddities|unread|clients-ahead)\.js#/, 'read'],
  // CSV files of the user's own.
  [/\/pipeline\/stages\/side\//, 'read'],
  [/\/pipeline\/dicom\/file-bytes\.js#/, 'read'],
  [/\/pipeline\/omi-db\/(json[\w-]*|key-order)\.js#/, 'parse'],
  [/\/pipeline\/dicom\//, 'parse'],
  [/\/pipeline\/(model|tables)\/|\/pipeline\/stages\/(join|process-client)\.js/, 'flatten'],
  [/\/pipeline\/(omi-db|nbss|semantics)\//, 'flatten'],
  [/\/pipeline\/stages\/reconcile\//, 'reconcile'],
  [/\/pipeline\/stages\/write\/read-back\.js#/, 'verify'],
  [/\/pipeline\/stages\/write\//, 'encode'],
  // The Parquet writer goes on by itself when it has what it waited for: nothing of the pipeline is on its stack then.
  [/\/node_modules\/parquet-wasm\//, 'encode'],
  [/\/pipeline\/snapshot\/(verify|verify-codes|verify-faults|verify-snapshot|checksums)\.js#/, 'verify'],
  // Node finds, compiles and links modules, in every thread.
  [/^node:internal\/modules\//, 'load'],
  // Manifest, receipts of ranges, the output folder and its lock.
  [/\/pipeline\/snapshot\//, 'publish'],
  [
    /\/pipeline\/run\/(finish|seal|describe-run|range-files|range-reader|range-writer|range-tasks)\.js#/,
    'publish',
  ],
];

/** Null for a module of no stage. */
export function stageOfModule({ url, function: name }: Frame): Stage | null {
  return MODULES.find(([pattern]) => pattern.test(`${url}#${name}`))?.[1] ?? null;
}

/** @param stack deepest frame first */
export function stageOf(stack: Iterable<Frame>): Stage {
  for (const frame of stack) {
    const stage = stageOfModule(frame);
    if (stage !== null) return stage;
  }
  return 'other';
}

/** The frames of an Error's stack, deepest first. */
export function framesOf(stack: string): Frame[] {
  return [...stack.matchAll(/^\s+at (?:async )?(?:(.*?) \()?(\S+?):\d+:\d+\)?$/gm)].map(([, name, url]) => ({
    url: url!,
    function: (name ?? '').replace(/^.*\./, ''),
  }));
}
