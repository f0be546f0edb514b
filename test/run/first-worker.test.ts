import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { FirstWorker, offerFirstWorker, takeFirstWorker } from '../../pipeline/run/first-worker.js';

describe('the worker that is started before the command is loaded', () => {
  test('is taken once, and is no longer ended then', async () => {
    const first = new FirstWorker();
    offerFirstWorker(first);
    const worker = takeFirstWorker()!;
    assert.equal(takeFirstWorker(), null);
    await first.drop();
    assert.notEqual(worker.threadId, -1, 'it was ended');
    await worker.terminate();
  });

  test('is ended where nobody took it, and cannot be taken then', async () => {
    const first = new FirstWorker();
    offerFirstWorker(first);
    // A process with a thread that goes on does not end: this one would stand still.
    await first.drop();
    assert.equal(takeFirstWorker(), null);
  });

  test('is not given to a pool when it has died', async () => {
    const first = new FirstWorker();
    const { worker } = first as unknown as { readonly worker: { terminate(): Promise<number> } };
    const ended = once(worker as never, 'exit');
    await worker.terminate();
    await ended;
    assert.equal(first.take(), null);
    await first.drop();
  });
});
