import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { constants } from 'node:os';

/**
 * Loaded into a run before the program, in each of its threads: calls of the file system fail as the variable REFUSE says,
 * `openSync=EIO:nbss` for those whose first path holds `nbss`, the empty text for all; several with blanks between them.
 * `openSync=ESTALE:nbss:1` fails once in each thread, `fsyncSync=EIO:@swap` whatever comes after `current` was turned.
 */

type SyncCall = (...args: unknown[]) => unknown;

/** Errors that libuv has no name for come with their number in place of one. */
const UNNAMED = new Set(['ESTALE', 'EDQUOT']);

function errorOf(code: keyof typeof constants.errno, call: string, path: string): Error {
  const errno = -constants.errno[code];
  const name = UNNAMED.has(code) ? `Unknown system error ${errno}` : code;
  return Object.assign(new Error(`${name}: refused, ${call} '${path}'`), {
    errno,
    code: name,
    syscall: call,
  });
}

let isSwapped = false;
const calls = fs as unknown as Record<string, SyncCall>;
const rename = calls['renameSync']!;
calls['renameSync'] = (...args) => {
  const result = rename(...args);
  isSwapped ||= /\/current(\.json)?$/.test(String(args[1]));
  return result;
};

for (const rule of (process.env['REFUSE'] ?? '').split(' ').filter((text) => text !== '')) {
  const [, call, code, path, times] = /^(\w+)=(\w+):([^:]*)(?::(\d+))?$/.exec(rule)!;
  const original = calls[call!]!;
  let left = Number(times ?? Infinity);
  calls[call!] = (...args) => {
    const isMeant = path === '@swap' ? isSwapped : String(args[0]).includes(path!);
    if (!isMeant || left === 0) return original(...args);
    left--;
    throw errorOf(code as keyof typeof constants.errno, call!, String(args[0]));
  };
}
syncBuiltinESMExports();
