import type { Mismatch, MismatchKind, Report } from '../../../schemas/mismatch-kinds.js';
import type { TagSelection } from '../../dicom/tag-selection.js';
import type { Roots, Tree } from '../../source/source.js';
import type { ClientRecord } from '../extract.js';
import type { FlatClient } from '../flatten/client.js';
import type { JoinedImage, JoinedStudy } from '../join.js';

type Details = Pick<Mismatch, 'detail' | 'path' | 'expected' | 'found'>;

/** What the checks of one client share, and how they report. */
export class ReconcileContext {
  readonly clientId: string;

  constructor(
    readonly record: ClientRecord,
    readonly flat: FlatClient,
    readonly roots: Roots,
    readonly selection: TagSelection,
    private readonly report: Report,
  ) {
    this.clientId = record.plan.clientId;
  }

  /** Path of the client's imagedb file; null when there is none. */
  get imagedbPath(): string | null {
    return this.record.plan.imagedb?.path ?? null;
  }

  get nbssPath(): string | null {
    return this.record.plan.nbss?.path ?? null;
  }

  /** True when the client's own folder in a tree could not be listed, which is reported already. */
  isClientHidden(tree: Tree): boolean {
    return this.isHidden(tree, this.clientId);
  }

  /** True when nobody knows what a tree holds of a study, because a folder on the way could not be listed. */
  isStudyHidden(tree: Tree, study: JoinedStudy): boolean {
    return this.isClientHidden(tree) || this.isHidden(tree, `${this.clientId}/${study.uid}`);
  }

  private isHidden(tree: Tree, path: string): boolean {
    return this.record.plan.unreadable.some((folder) => folder.tree === tree && folder.path === path);
  }

  ofClient(kind: MismatchKind, details: Details): void {
    this.report({ kind, client_id: this.clientId, ...details });
  }

  ofStudy(kind: MismatchKind, study: JoinedStudy, details: Details): void {
    this.report({ kind, client_id: this.clientId, study_instance_uid: study.uid, ...details });
  }

  /** A study that only a StudyList knows. */
  ofUnlistedStudy(uid: string, details: Details): void {
    this.report({
      kind: 'study_list_conflict',
      client_id: this.clientId,
      study_instance_uid: uid,
      ...details,
    });
  }

  ofImage(kind: MismatchKind, study: JoinedStudy, image: JoinedImage, details: Details): void {
    this.report({
      kind,
      client_id: this.clientId,
      study_instance_uid: study.uid,
      series_instance_uid: image.seriesUid,
      sop_instance_uid: image.uid,
      ...details,
    });
  }
}
