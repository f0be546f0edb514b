import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
  if (spawnSync('python3', ['-m', 'venv', folder]).status !== 0)
    return { missing: 'python3 cannot make an environment (python3 -m venv)' };
  const python = join(folder, 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--timeout', '15', ...PACKAGES];
  spawnSync(python, pip, { timeout: INSTALL_TIMEOUT });
  spawnSync(python, [...pip.slice(0, -PACKAGES.length), ...FURTHER], { timeout: INSTALL_TIMEOUT });
  return hasReaders(python) ? { python } : { missing: `pip cannot install ${PACKAGES.join(', ')}` };
}

/** Whether a Python has a module. */
export function hasModule(python: string, module: string): boolean {
  return spawnSync(python, ['-c', `import ${module}`]).status === 0;
}

/** Interpreters by whether they have the readers, asked once: to load them takes seconds. */
const ASKED = new Map<string, boolean>();

function hasReaders(python: string): boolean {
  const has = ASKED.get(python) ?? spawnSync(python, ['-c', `import ${PACKAGES.join(', ')}`]).status === 0;
  if (has) ASKED.set(python, has);
  return has;
}
