import { readFileSync, writeFileSync } from 'node:fs';
import vm, { type ScriptOptions } from 'node:vm';
import { isMainThread, parentPort } from 'node:worker_threads';
import { cacheFile, sealCache } from '../../pipeline/start/load.js';

/**
 * Loaded into a run of the program before it: keeps what V8 has made of the bundle's code when the thread has done its work,
 * the functions that ran among it. The main thread does so at its end, a worker after each task, for it is ended from outside.
 */

const kept = new Map<string, vm.Script>();

class KeptScript extends vm.Script {
  constructor(code: string, options: ScriptOptions & { readonly filename: string }) {
    super(code, options);
    kept.set(options.filename, this);
  }
}

function keep(): void {
  for (const [file, script] of kept)
    writeFileSync(cacheFile(file), sealCache(readFileSync(file), script.createCachedData()));
}

vm.Script = KeptScript;
if (isMainThread) process.on('exit', keep);
else {
  const port = parentPort!;
  const post = port.postMessage.bind(port);
  port.postMessage = (message: unknown) => {
    post(message);
    keep();
  };
}
