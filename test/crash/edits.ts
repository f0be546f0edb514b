import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow } from '../sample/tree.js';

/** Random edits of a database, as a sync tool or people make them. Each answers what it did, or null where it cannot. */

export interface EditedDatabase {
  readonly folder: string;
  /** A database of the same shape, out of which removed things come back and new clients come. */
  readonly pool: string;
  readonly random: () => number;
}

type Edit = (database: EditedDatabase) => string | null;

const TREES = ['data', 'images'] as const;

function pick<T>(items: readonly T[], random: () => number): T | null {
  return items[Math.floor(random() * items.length)] ?? null;
}

function pickFile({ folder, random }: EditedDatabase, pattern: RegExp): string | null {
  const files = TREES.flatMap((tree) => filesBelow(join(folder, tree)).map((path) => `${tree}/${path}`));
  return pick(files.filter((path) => pattern.test(path)), random); // prettier-ignore
}

function clientsOf(folder: string, tree: string): string[] {
  return readdirSync(join(folder, tree))
    .filter((name) => /^(optm|demd)\d+$/.test(name))
    .sort();
}

function pickClient({ folder, random }: EditedDatabase): string | null {
  return pick(clientsOf(folder, 'data'), random);
}

/** Moves something from one database to the other; false when it is not there, or there already. */
function move(from: string, to: string, path: string): boolean {
  if (!existsSync(join(from, path)) || existsSync(join(to, path))) return false;
  mkdirSync(dirname(join(to, path)), { recursive: true });
  renameSync(join(from, path), join(to, path));
  return true;
}

/** A study's folder, `optm1/1.2.3`, of one of the trees. */
function pickStudy(folder: string, random: () => number): string | null {
  const studies = TREES.flatMap((tree) =>
    clientsOf(folder, tree).flatMap((client) =>
      readdirSync(join(folder, tree, client), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && /^[\d.]+$/.test(entry.name))
        .map((entry) => `${client}/${entry.name}`),
    ),
  );
  return pick([...new Set(studies)].sort(), random);
}

/** Writes the file anew with another digit in its text: the size stays, the time does not. */
function changeDigit(path: string, random: () => number): boolean {
  const bytes = readFileSync(path);
  const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39);
  const place = pick(digits, random);
  if (place === null) return false;
  bytes[place] = 0x30 + ((bytes[place]! - 0x30 + 1 + Math.floor(random() * 8)) % 10);
  writeFileSync(path, bytes);
  return true;
}

export const EDITS: Readonly<Record<string, Edit>> = {
  'add a client': ({ folder, pool, random }) => {
    const client = pick(clientsOf(pool, 'data'), random);
    if (client === null) return null;
    const moved = TREES.map((tree) => move(pool, folder, `${tree}/${client}`));
    return moved.includes(true) ? client : null;
  },
  'remove a client': (database) => {
    const client = pickClient(database);
    if (client === null || clientsOf(database.folder, 'data').length < 6) return null;
    for (const tree of TREES) move(database.folder, database.pool, `${tree}/${client}`);
    return client;
  },
  'remove a client from one tree': (database) => {
    const client = pickClient(database);
    const tree = pick(TREES, database.random)!;
    return client !== null && move(database.folder, database.pool, `${tree}/${client}`)
      ? `${tree} ${client}`
      : null;
  },
  'remove a study': ({ folder, pool, random }) => {
    const study = pickStudy(folder, random);
    const trees = random() < 0.5 ? TREES : [pick(TREES, random)!];
    if (study === null) return null;
    return trees.some((tree) => move(folder, pool, `${tree}/${study}`)) ? study : null;
  },
  'add a study': ({ folder, pool, random }) => {
    const study = pickStudy(pool, random);
    if (study === null) return null;
    return TREES.some((tree) => move(pool, folder, `${tree}/${study}`)) ? study : null;
  },
  'remove a file of an image': (database) => {
    const path = pickFile(database, /\.(dcm|json)$/);
    if (path === null) return null;
    rmSync(join(database.folder, path));
    return path;
  },
  'add an image': (database) => {
    const path = pickFile(database, /^data\/[^/]+\/[\d.]+\/.*\.json$/);
    if (path === null) return null;
    const uid = `1.2.826.0.1.${Math.floor(database.random() * 1e9)}`;
    copyFileSync(join(database.folder, path), join(database.folder, dirname(path), `${uid}.json`));
    return `${path} as ${uid}`;
  },
  'change a value': (database) => {
    const path = pickFile(database, /(imagedb|nbss)[^/]*\.json$/i);
    return path !== null && changeDigit(join(database.folder, path), database.random) ? path : null;
  },
  'replace a file by one of the same size': (database) => {
    const path = pickFile(database, /\.json$/);
    return path !== null && changeDigit(join(database.folder, path), database.random) ? path : null;
  },
  'empty a file': (database) => {
    const path = pickFile(database, /\.json$/);
    if (path === null) return null;
    writeFileSync(join(database.folder, path), '');
    return path;
  },
  touch: (database) => {
    const path = pickFile(database, /./);
    if (path === null) return null;
    utimesSync(join(database.folder, path), new Date(), new Date());
    return path;
  },
  'rename a file': (database) => {
    const path = pickFile(database, /\.(dcm|json)$/);
    if (path === null) return null;
    const extension = path.slice(path.lastIndexOf('.'));
    const name =
      database.random() < 0.5 ? `1.2.826.0.2.${Math.floor(database.random() * 1e9)}` : 'copy of it';
    renameSync(join(database.folder, path), join(database.folder, dirname(path), `${name}${extension}`));
    return `${path} to ${name}`;
  },
  'truncate a DICOM file': (database) => {
    const path = pickFile(database, /\.dcm$/);
    if (path === null) return null;
    truncateSync(join(database.folder, path), Math.floor(database.random() * 4000));
    return path;
  },
  'swap two names': (database) => {
    const pattern = database.random() < 0.5 ? /\.dcm$/ : /\/[\d.]+\.json$/;
    const [a, b] = [pickFile(database, pattern), pickFile(database, pattern)];
    if (a === null || b === null || a === b) return null;
    const [first, second] = [join(database.folder, a), join(database.folder, b)];
    renameSync(first, `${first}~`);
    renameSync(second, first);
    renameSync(`${first}~`, second);
    return `${a} and ${b}`;
  },
  'add a stray entry': (database) => {
    const { folder, random } = database;
    const client = pickClient(database);
    const study = pickStudy(folder, random);
    const tree = pick(TREES, random)!;
    const places = ['.', client, study].filter((place) => place !== null);
    const place = join(folder, tree, pick(places, random)!);
    if (!existsSync(place)) return null;
    const name = `stray ${Math.floor(random() * 1e6)}`;
    if (random() < 0.3) mkdirSync(join(place, name));
    else writeFileSync(join(place, name), 'x');
    return join(place, name);
  },
};
