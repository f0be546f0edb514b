import type { ImageModel, StudyModel } from '../../model/client-model.js';
import type { LateralityWitness } from '../../semantics/header/laterality.js';
import type { ReconcileContext } from './context.js';

const words = ({ side, source }: LateralityWitness): string => `${side} (${source})`;

/** Elements of an image's headers that name different breasts, or different views. */
export function checkSides(study: StudyModel, image: ImageModel, context: ReconcileContext): void {
  const { laterality, view } = image.look;
  if (laterality.conflict === null && view.conflict === null) return;
  const { dicom, json } = image.onDisk!.plan;
  const path = dicom?.path ?? json?.path ?? null;
  if (view.conflict !== null)
    context.ofImage('view_conflict', study, image, {
      path,
      detail: 'The view code and ViewPosition name different views: the view of the image is not known.',
      expected: view.conflict.byCode,
      found: view.conflict.byPosition,
    });
  if (laterality.conflict === null) return;
  const [first, other] = laterality.conflict;
  context.ofImage('laterality_conflict', study, image, {
    path,
    detail: 'Two elements of the headers name different breasts: the breast of the image is not known.',
    expected: words(first),
    found: words(other),
  });
}

/** Whether the two headers' ImageLaterality is what disagrees: that is one cause, and no other conflict of the tag. */
export function isImageLateralityConflict({ look }: ImageModel): boolean {
  const { conflict } = look.laterality;
  return (
    conflict !== null &&
    conflict[0].source === 'dicom ImageLaterality' &&
    conflict[1].source === 'json ImageLaterality'
  );
}
