import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BOUNDED } from './processes.js';

const PACKAGES = ['duckdb', 'pandas', 'polars', 'pyarrow'];
/** Of single tests, which skip without them. */
const FURTHER = ['pycocotools', 'pydicom'];
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const INSTALL_TIMEOUT = 300_000;

/**
 * A Python interpreter that has the readers: of OMIDB_ETL_PYTHON, of the project's `.python`, or of a new environment.
 * @param folder for the new environment
 * @returns its path, or why there is none
 */
export function findPython(folder: string): { python: string } | { missing: string } {
  const own = process.env['OMIDB_ETL_PYTHON'] ?? join(PROJECT, '.python', 'bin', 'python');
  if (existsSync(own) && hasReaders(own)) return { python: own };
  if (spawnSync('python3', ['-m', 'venv', folder], BOUNDED).status !== 0)
    return { missing: 'python3 cannot make an environment (python3 -m venv)' };
  const python = join(folder, 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '15', ...PACKAGES];
  spawnSync(python, pip, { timeout: INSTALL_TIMEOUT });
  spawnSync(python, [...pip.slice(0, -PACKAGES.length), ...FURTHER], { timeout: INSTALL_TIMEOUT });
  return hasReaders(python) ? { python } : { missing: `pip cannot install ${PACKAGES.join(', ')}` };
}

/** Ends with 1 when one of the modules that it is given is not installed. To load them, as `import` does, takes seconds. */
const HAS_ALL =
  'import sys; from importlib.util import find_spec; sys.exit(any(find_spec(name) is None for name in sys.argv[1:]))';

/** Whether a Python has a module. */
export function hasModule(python: string, module: string): boolean {
  return hasModules(python, [module]);
}

function hasModules(python: string, modules: readonly string[]): boolean {
  return spawnSync(python, ['-c', HAS_ALL, ...modules], BOUNDED).status === 0;
}

const hasReaders = (python: string): boolean => hasModules(python, PACKAGES);
