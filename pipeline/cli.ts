import { errorName } from './base/system-error.js';
import { tuneEngine } from './run/engine-flags.js';
import { FirstWorker } from './run/first-worker.js';
import { softwareVersion } from './run/version.js';

/** The one place that ends the process. Commands, and what parses their options, are loaded only when called. */

// Before any of them is loaded: what V8 made of their code it takes only under the flags under which it was made.
tuneEngine();

const args = process.argv.slice(2);

/** What a run prints comes on top of what it publishes; of every other command it is all. */
const printsOnTop =
  (args[0] === 'run' && !args.includes('--dry-run')) || ['run-task', 'merge'].includes(args[0] ?? '');
let isStdoutLost = false;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) closes the pipe: that ends the program, and is no failure.
  if (error.code === 'EPIPE') process.exit();
  if (isStdoutLost) return;
  isStdoutLost = true;
  const what = printsOnTop ? 'the exit code says what the run did' : 'what was printed is not complete';
  console.error(`omidb-etl: stdout cannot be written to (${errorName(error)}): ${what}`);
  if (!printsOnTop) process.exitCode = 1;
});

function end(exitCode: number): void {
  if (!isStdoutLost || printsOnTop) process.exitCode = exitCode;
}

async function start(): Promise<void> {
  // Scripts ask for the version to learn whether the program is there: that need not wait for the parser of options.
  if (args.length === 1 && args[0] === '--version') {
    console.log(softwareVersion());
    return;
  }
  const first = needsWorkers() ? new FirstWorker() : null;
  const { main, describeFailure } = await import('./commands/main.js');
  try {
    end(await main(args, first));
  } catch (error) {
    const { lines, exitCode } = describeFailure(error, args);
    for (const line of lines) console.error(line);
    process.exitCode = exitCode;
  } finally {
    await first?.drop();
  }
}

/** Whether the command will have workers, as far as can be told without the parser: if not, the one that was started ends. */
function needsWorkers(): boolean {
  if (!['run', 'run-task'].includes(args[0] ?? '')) return false;
  return !/ (-h|--help|--version|--workers[ =]0)\b/.test(` ${args.join(' ')}`);
}

void start();
