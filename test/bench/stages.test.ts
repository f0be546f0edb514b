import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { addProfile, cpuByStage, noSeconds, type CpuProfile } from '../../scripts/bench/cpu-profile.js';
import { framesOf, stageOf, stageOfModule } from '../../scripts/bench/stages.js';

const at = (path: string, name = 'f') => ({ url: `file:///somewhere/dist/${path}`, function: name });
const inNode = (name: string) => ({ url: 'node:fs', function: name });

describe('the stage of a stack', () => {
  test('is that of the deepest module that belongs to one', () => {
    const reading = [
      inNode('readSync'),
      at('pipeline/dicom/file-bytes.js', 'read'),
      at('pipeline/dicom/dicom-header.js', 'read'),
      at('pipeline/stages/extract.js', 'dicom'),
    ];
    assert.equal(stageOf(reading), 'read');
    assert.equal(stageOf(reading.slice(2)), 'parse');
    assert.equal(stageOf(reading.slice(3)), 'read');
  });

  test('of a library is that of its caller', () => {
    const library = { url: 'file:///x/node_modules/apache-arrow/builder.mjs', function: 'append' };
    assert.equal(
      stageOf([library, at('pipeline/stages/write/columns.js'), at('pipeline/run/worker.js')]),
      'encode',
    );
    assert.equal(stageOf([library]), 'other');
    assert.equal(stageOf([]), 'other');
  });

  test('tells opening a file from listing a folder', () => {
    const extract = at('pipeline/stages/extract.js');
    assert.equal(
      stageOf([inNode('openSync'), at('pipeline/source/local-source.js', 'openLocalFile'), extract]),
      'read',
    );
    assert.equal(
      stageOf([inNode('readdirSync'), at('pipeline/source/local-source.js', 'listFolder')]),
      'discover',
    );
  });

  test('is known of every module of the stages and of what they are made of', () => {
    // By their sources: dist/ keeps what a moved module left there.
    const sources = new URL('../../../pipeline/', import.meta.url);
    const unknown = ['stages', 'snapshot', 'model', 'tables', 'omi-db', 'nbss', 'semantics', 'dicom'].flatMap(
      (folder) =>
        (readdirSync(new URL(folder, sources), { recursive: true }) as string[])
          .filter((name) => name.endsWith('.ts'))
          .map((name) => at(`pipeline/${folder}/${name.replace(/\.ts$/, '.js')}`))
          .filter((frame) => stageOfModule(frame) === null)
          .map(({ url }) => url),
    );
    assert.deepEqual(unknown, []);
  });

  test('can be read off the stack of an error, over awaits too', async () => {
    const inner = async () => {
      await Promise.resolve();
      return new Error().stack!;
    };
    const frames = framesOf(await inner());
    assert.deepEqual(frames[0], { url: import.meta.url, function: 'inner' });
    assert.deepEqual(
      framesOf(
        'Error\n    at async verify (file:///x/pipeline/snapshot/verify.js:3:4)\n    at file:///y.js:1:2',
      ),
      [
        { url: 'file:///x/pipeline/snapshot/verify.js', function: 'verify' },
        { url: 'file:///y.js', function: '' },
      ],
    );
  });
});

describe('the seconds of a profile', () => {
  const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
    id,
    callFrame: { functionName, url },
    children,
  });
  const profile: CpuProfile = {
    nodes: [
      node(1, '(root)', '', [2, 3, 4, 5]),
      node(2, '(idle)', ''),
      node(3, '(garbage collector)', ''),
      node(4, '(program)', ''),
      node(5, 'readClients', 'file:///d/pipeline/run/worker.js', [6, 7, 9]),
      node(6, 'interpret', 'file:///d/pipeline/model/interpret.js', [8]),
      node(7, 'writeParquet', 'file:///d/pipeline/stages/write/parquet.js', [10]),
      node(8, 'toString', ''),
      node(9, 'compileSourceTextModule', 'node:internal/modules/esm/utils'),
      node(10, 'fsync', ''),
    ],
    samples: [2, 3, 4, 5, 6, 8, 8, 7, 9, 10, 2],
    timeDeltas: [1e6, 2e6, 3e6, 4e6, 5e6, 6e6, 7e6, 8e6, 9e6, 10e6, -5],
  };

  test('go to the stages, and what is no work apart', () => {
    const sum = noSeconds();
    addProfile(sum, profile);
    const { idle, garbage, program, other, flatten, encode, load, fsync, ...rest } = sum;
    assert.deepEqual(
      { idle, garbage, program, other, flatten, encode, load, fsync },
      { idle: 1, garbage: 2, program: 3, other: 4, flatten: 18, encode: 8, load: 9, fsync: 10 },
    );
    assert.deepEqual(new Set(Object.values(rest)), new Set([0]));
  });

  test('of several threads add up', () => {
    const sum = noSeconds();
    addProfile(sum, profile);
    addProfile(sum, profile);
    assert.equal(sum.flatten, 36);
  });

  test('leave to helper threads what the process took beyond them', () => {
    const threads = { ...noSeconds(), parse: 4, garbage: 1, idle: 50, fsync: 9 };
    const cpu = cpuByStage(8, threads, { verify: 2 });
    assert.deepEqual(
      [cpu.scale, cpu.stages.parse, cpu.stages.verify, cpu.garbage, cpu.helpers],
      [1, 4, 2, 1, 1],
    );
  });

  test('shrink to the CPU time where threads waited for a core', () => {
    const threads = { ...noSeconds(), parse: 8, verify: 1, garbage: 2, program: 1 };
    const cpu = cpuByStage(8, threads, { verify: 2 });
    // 12 s were sampled, 6 s of the process are not DuckDB's.
    assert.deepEqual(
      [cpu.scale, cpu.stages.parse, cpu.stages.verify, cpu.garbage, cpu.program, cpu.helpers],
      [0.5, 4, 2.5, 1, 0.5, 0],
    );
  });
});
