import type { Mismatch, MismatchKind, Report } from '../../../schemas/mismatch-kinds.js';
import type { ClientPlan } from '../discover.js';
import type { Roots, Tree } from '../../source/source.js';
import type { ClientModel, ImageModel, StudyModel } from '../../model/client-model.js';

type Details = Pick<Mismatch, 'detail' | 'path' | 'expected' | 'found'>;

/** What the checks of one client share, and how they report. */
export class ReconcileContext {
  readonly clientId: string;

  constructor(
    readonly client: ClientModel,
    readonly roots: Roots,
    private readonly report: Report,
  ) {
    this.clientId = client.clientId;
  }

  /** What the client's folders hold. */
  get plan(): ClientPlan {
    return this.client.record.plan;
  }

  /** Path of the client's imagedb file; null when there is none. */
  get imagedbPath(): string | null {
    return this.plan.imagedb?.path ?? null;
  }

  get nbssPath(): string | null {
    return this.plan.nbss?.path ?? null;
  }

  /** True when the client's own folder in a tree could not be listed, which is reported already. */
  isClientHidden(tree: Tree): boolean {
    return this.isHidden(tree, this.clientId);
  }

  /** True when nobody knows what a tree holds of a study, because a folder on the way could not be listed. */
  isStudyHidden(tree: Tree, study: StudyModel): boolean {
    return this.isClientHidden(tree) || this.isHidden(tree, `${this.clientId}/${study.uid}`);
  }

  private isHidden(tree: Tree, path: string): boolean {
    return this.plan.unreadable.some((folder) => folder.tree === tree && folder.path === path);
  }

  ofClient(kind: MismatchKind, details: Details): void {
    this.report({ kind, client_id: this.clientId, ...details });
  }

  ofStudy(kind: MismatchKind, study: StudyModel, details: Details): void {
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

  ofImage(kind: MismatchKind, study: StudyModel, image: ImageModel, details: Details): void {
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
