import { compareClients, parseClientId, rangeOf, type ClientId } from '../omi-db/client-id.js';
import {
  isImagedbFile,
  isLikeRecord,
  isNbssFile,
  parseImageFile,
  type ImageFileKind,
} from '../omi-db/layout.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import { LinkOutside, type Source, type Tree } from '../source/source.js';
import { linkOutside, reportUnreadInRoot, unread, type Where } from './unread.js';
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
  /** True of a link that leads out of the trees: it is reported, and not to be opened. */
  readonly isOutside?: true;
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
  const clients = new Map<string, { id: ClientId; trees: Tree[]; outside?: Partial<Record<Tree, string>> }>();
  for (const tree of ['data', 'images', 'nbss'] as const) {
    if (source.roots[tree] === null) continue;
    for (const entry of source.listRoot(tree)) {
      const id = entry.kind === 'folder' ? parseClientId(entry.name) : null;
      if (id === null) {
        reportUnreadInRoot(entry, tree, source, report);
        continue;
      }
      let known = clients.get(id.id);
      if (known === undefined) clients.set(id.id, (known = { id, trees: [] }));
      known.trees.push(tree);
      if (entry.outside !== null) known.outside = { ...known.outside, [tree]: entry.outside };
    }
  }
  return [...clients.values()].map(({ id, ...rest }) => ({ ...id, ...rest })).sort(compareClients);
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
      else if (entry.kind !== 'file' || !this.takeClientFile(this.planned(entry, tree, path), entry.name)) {
        this.reportUnread(entry, tree, path);
      }
    }
  }

  plan(client: ClientEntry): ClientPlan {
    const studies: StudyPlan[] = [];
    for (const [uid, { inData, inImages, files }] of this.studies) {
      const images: ImagePlan[] = [];
      for (const [imageUid, byKind] of files) images.push(imagePlan(imageUid, byKind));
      studies.push({ uid, inData, inImages, images });
    }
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
      // It is the user who says that the files of the other root count.
      const { tree, path } = this.nbss;
      this.report(
        unread('unexpected_entry', { name, kind: 'file' }, tree, path, { client_id: this.clientId }),
      );
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
        this.reportUnread(entry, tree, filePath, uid);
        continue;
      }
      let image = study.files.get(file.uid);
      if (image === undefined)
        study.files.set(file.uid, (image = { json: null, dcm_json: null, dicom: null }));
      // Of two endings that differ in case, the small letters come last, and count.
      const other = image[file.kind];
      if (other !== null) this.reportSecond(other, uid);
      image[file.kind] = this.planned(entry, tree, filePath, uid);
    }
  }

  private studyOf(uid: string): StudyFiles {
    let study = this.studies.get(uid);
    if (study === undefined)
      this.studies.set(uid, (study = { inData: false, inImages: false, files: new Map() }));
    return study;
  }

  /** A file of the plan; a link that leads out of the trees is reported. */
  private planned({ outside }: WalkedEntry, tree: Tree, path: string, study?: string): PlannedFile {
    if (outside === null) return { tree, path };
    this.report(linkOutside(outside, path, this.where(study)));
    return { tree, path, isOutside: true };
  }

  private reportUnread(entry: WalkedEntry, tree: Tree, path: string, study?: string): void {
    // The nbss root has files of one sort only.
    const isRecord = entry.holdsRecords || (tree !== 'nbss' && isLikeRecord(entry.name));
    this.report(
      unread(isRecord ? 'unexpected_records' : 'unexpected_entry', entry, tree, path, this.where(study)),
    );
  }

  private reportSecond({ tree, path }: PlannedFile, study: string): void {
    const entry = { name: path.slice(path.lastIndexOf('/') + 1), kind: 'file' } as const;
    this.report(unread('unexpected_records', entry, tree, path, this.where(study)));
  }

  private where(study: string | undefined): Where {
    return { client_id: this.clientId, study_instance_uid: study ?? null };
  }

  /** A folder's entries; one that could not be listed is reported and counts as empty. */
  private entriesOf({ entries, error }: WalkedFolder, tree: Tree, path: string): readonly WalkedEntry[] {
    if (error === null) return entries;
    this.unreadable.push({ tree, path });
    if (error instanceof LinkOutside) {
      this.report(linkOutside(error.target, path, { client_id: this.clientId }));
      return entries;
    }
    const detail = `The folder in the ${tree} tree cannot be listed: ${this.source.explain(error, tree)}.`;
    this.report({ kind: 'folder_unreadable', client_id: this.clientId, path, detail });
    return entries;
  }
}

function imagePlan(uid: string, { json, dcm_json: second, dicom }: ImageFiles): ImagePlan {
  return { uid, json: json ?? second, secondJson: json === null ? null : second, dicom };
}
