import { compareClients, parseClientId, rangeOf, type ClientId } from '../omi-db/client-id.js';
import { isImagedbFile, isNbssFile, parseImageFile, type ImageFileKind } from '../omi-db/layout.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import type { Entry, Source, Tree } from '../source/source.js';
import type { ClientEntry, WalkedClient, WalkedEntry, WalkedFolder } from './walk.js';

export type { ClientEntry } from './walk.js';

/**
 * Discover: lists the clients and pairs what their folders hold. No file is opened. The result is plain data, in natural
 * order of client (optm2 before optm10).
 */

/** The clients of one part file. */
export interface RangePlan {
  readonly range: string;
  readonly clients: readonly ClientEntry[];
}

/** A file of the plan: its tree, and its path relative to that tree's root. */
export interface PlannedFile {
  readonly tree: Tree;
  readonly path: string;
}

export interface ImagePlan {
  readonly uid: string;
  readonly json: PlannedFile | null;
  /** The second spelling `<uid>.dcm.json`; in `json` when it is the only one. */
  readonly secondJson: PlannedFile | null;
  readonly dicom: PlannedFile | null;
}

export interface StudyPlan {
  readonly uid: string;
  readonly inData: boolean;
  readonly inImages: boolean;
  readonly images: readonly ImagePlan[];
}

export interface ClientPlan {
  readonly clientId: string;
  /** A folder under data/ (or under the separate nbss root). */
  readonly inData: boolean;
  readonly inImages: boolean;
  readonly imagedb: PlannedFile | null;
  readonly nbss: PlannedFile | null;
  readonly studies: readonly StudyPlan[];
  /** Folders that could not be listed (reported); what they hold is unknown, not missing. */
  readonly unreadable: readonly PlannedFile[];
}

/**
 * The clients of all trees in natural order. Entries that are no client folder are reported.
 * @throws EnvironmentFault when a root cannot be listed.
 */
export function listClients(source: Source, report: Report): ClientEntry[] {
  const clients = new Map<string, { id: ClientId; trees: Tree[] }>();
  for (const tree of ['data', 'images', 'nbss'] as const) {
    if (source.roots[tree] === null) continue;
    for (const entry of source.listRoot(tree)) {
      const id = entry.kind === 'folder' ? parseClientId(entry.name) : null;
      if (id === null) {
        reportUnexpected(entry, tree, null, entry.name, report);
      } else {
        const known = clients.get(id.id);
        if (known === undefined) clients.set(id.id, { id, trees: [tree] });
        else known.trees.push(tree);
      }
    }
  }
  return [...clients.values()].map(({ id, trees }) => ({ ...id, trees })).sort(compareClients);
}

/** Cuts the clients (in natural order) into the ranges, of so many client numbers, that are written as one part file each. */
export function planRanges(clients: readonly ClientEntry[], width: number): RangePlan[] {
  const ranges: { range: string; clients: ClientEntry[] }[] = [];
  for (const client of clients) {
    const range = rangeOf(client, width);
    const last = ranges.at(-1);
    if (last?.range === range) last.clients.push(client);
    else ranges.push({ range, clients: [client] });
  }
  return ranges;
}

/**
 * Pairs the files of one client; what the layout does not know is reported.
 * @throws EnvironmentFault when a folder could not be listed because its whole root is gone.
 */
export function discoverClient(
  client: ClientEntry,
  walked: WalkedClient,
  source: Source,
  report: Report,
): ClientPlan {
  const found = new ClientFiles(client.id, source, report);
  for (const [tree, folder] of walked) found.take(tree, folder);
  return found.plan(client);
}

type ImageFiles = Record<ImageFileKind, PlannedFile | null>;

interface StudyFiles {
  inData: boolean;
  inImages: boolean;
  readonly files: Map<string, ImageFiles>;
}

/** Gathers what the folders of one client hold. */
class ClientFiles {
  private imagedb: PlannedFile | null = null;
  private nbss: PlannedFile | null = null;
  private readonly studies = new Map<string, StudyFiles>();
  private readonly unreadable: PlannedFile[] = [];

  constructor(
    private readonly clientId: string,
    private readonly source: Source,
    private readonly report: Report,
  ) {}

  take(tree: Tree, folder: WalkedFolder): void {
    for (const entry of this.entriesOf(folder, tree, this.clientId)) {
      const path = `${this.clientId}/${entry.name}`;
      if (entry.study !== null && tree !== 'nbss') this.takeStudy(tree, entry.name, path, entry.study);
      else if (entry.kind !== 'file' || !this.takeClientFile({ tree, path }, entry.name)) {
        reportUnexpected(entry, tree, this.clientId, path, this.report);
      }
    }
  }

  plan(client: ClientEntry): ClientPlan {
    const studies = [...this.studies].map(([uid, { inData, inImages, files }]) => ({
      uid,
      inData,
      inImages,
      images: Array.from(files, ([imageUid, byKind]) => imagePlan(imageUid, byKind)),
    }));
    return {
      clientId: client.id,
      inData: client.trees.includes('data') || client.trees.includes('nbss'),
      inImages: client.trees.includes('images'),
      imagedb: this.imagedb,
      nbss: this.nbss,
      studies,
      unreadable: this.unreadable,
    };
  }

  /** Keeps a client's own JSON file; false when it is none, or a second one. The nbss root goes before data/. */
  private takeClientFile(file: PlannedFile, name: string): boolean {
    if (file.tree === 'data' && this.imagedb === null && isImagedbFile(name, this.clientId)) {
      this.imagedb = file;
      return true;
    }
    if (file.tree === 'images' || !isNbssFile(name, this.clientId)) return false;
    if (this.nbss?.tree === file.tree) return false;
    if (this.nbss !== null) {
      const displaced = { name, kind: 'file' } as const;
      reportUnexpected(displaced, this.nbss.tree, this.clientId, this.nbss.path, this.report);
    }
    this.nbss = file;
    return true;
  }

  private takeStudy(tree: 'data' | 'images', uid: string, path: string, folder: WalkedFolder): void {
    const study = this.studyOf(uid);
    if (tree === 'data') study.inData = true;
    else study.inImages = true;
    for (const entry of this.entriesOf(folder, tree, path)) {
      const filePath = `${path}/${entry.name}`;
      const file = entry.kind === 'file' ? parseImageFile(entry.name) : null;
      if (file === null || (tree === 'images') !== (file.kind === 'dicom')) {
        reportUnexpected(entry, tree, this.clientId, filePath, this.report, uid);
        continue;
      }
      let image = study.files.get(file.uid);
      if (image === undefined)
        study.files.set(file.uid, (image = { json: null, dcm_json: null, dicom: null }));
      image[file.kind] = { tree, path: filePath };
    }
  }

  private studyOf(uid: string): StudyFiles {
    let study = this.studies.get(uid);
    if (study === undefined)
      this.studies.set(uid, (study = { inData: false, inImages: false, files: new Map() }));
    return study;
  }

  /** A folder's entries; one that could not be listed is reported and counts as empty. */
  private entriesOf({ entries, error }: WalkedFolder, tree: Tree, path: string): readonly WalkedEntry[] {
    if (error === null) return entries;
    const detail = `The folder in the ${tree} tree cannot be listed: ${this.source.explain(error, tree)}.`;
    this.unreadable.push({ tree, path });
    this.report({ kind: 'folder_unreadable', client_id: this.clientId, path, detail });
    return entries;
  }
}

function imagePlan(uid: string, { json, dcm_json: second, dicom }: ImageFiles): ImagePlan {
  return { uid, json: json ?? second, secondJson: json === null ? null : second, dicom };
}

function reportUnexpected(
  entry: Pick<Entry, 'name' | 'kind'>,
  tree: Tree,
  clientId: string | null,
  path: string,
  report: Report,
  study?: string,
): void {
  const what = entry.kind === 'other' ? 'link to nothing, device or pipe' : entry.kind;
  report({
    kind: 'unexpected_entry',
    client_id: clientId,
    study_instance_uid: study ?? null,
    path,
    detail: `The layout of the ${tree} tree knows no such ${what} here; it was not read.`,
    found: entry.name,
  });
}
