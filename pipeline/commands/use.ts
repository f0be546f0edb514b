import { resolve } from 'node:path';
import { useOnRecord } from '../run/use.js';
import { EXIT } from '../run/exit.js';
import type { UseArguments } from './history-options.js';
import { count } from './plain-table.js';
import { print } from './print.js';
import { stopSignal } from './stop.js';

/** `omidb-etl use`: another snapshot becomes the current one. @returns the exit code */
export async function useCommand({ run, out }: UseArguments): Promise<number> {
  const folder = resolve(out);
  const onWait = (sentence: string) => {
    process.stderr.write(`${sentence}\n`);
  };
  const settings = { now: new Date(), signal: stopSignal(), onWait };
  const { before, verified, manifest } = await useOnRecord(folder, run, settings);
  const what =
    before === run ? `${run} is the current snapshot already` : `${run} is the current snapshot now`;
  const was = before === null || before === run ? '' : `, it was ${before}`;
  const { clients, images } = manifest.inputs;
  await print(
    `${what}${was}\nverified: ${count(verified.files)} files, ${count(clients)} clients, ${count(images)} images\n` +
      'the next run publishes the database as it is then\n',
  );
  return EXIT.published;
}
