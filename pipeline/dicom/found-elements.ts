import type { Cell } from '../../schemas/column.js';
import type { DicomElement, MetElement } from './dicom-element.js';
import type { ElementMemory, TagMemory } from './element-memory.js';
import type { HeaderCells } from './header-cells.js';

const META_GROUP = 0x0002;

/** What a walk finds of one header: its wanted elements, each tag once. */
export class FoundElements {
  /** All but those whose bytes alone told their cells, which went to their columns. */
  readonly elements: DicomElement[] = [];
  /** Whether anything wanted of the dataset was found. */
  hasValues = false;
  readonly #cells: HeaderCells;

  /** @param cells of the header */
  constructor(cells: HeaderCells) {
    this.#cells = cells;
  }

  /** An element that stands twice breaks the standard; the first counts, as in dcmtk. */
  isAdded(wanted: TagMemory, memory: ElementMemory): boolean {
    return memory.wasSeen(wanted) || this.isKnownMeta(wanted.tag);
  }

  /** Of the file meta group an element may stand again, in whatever encoding. */
  isKnownMeta(tag: number): boolean {
    return tag >>> 16 === META_GROUP && this.elements.some((element) => element.tag === tag);
  }

  add(wanted: TagMemory, memory: ElementMemory, element: DicomElement): void {
    this.#mark(wanted, memory);
    this.elements.push(element);
  }

  /** Adds one that was met in other headers. */
  addMet(wanted: TagMemory, memory: ElementMemory, { element, cells }: MetElement): void {
    this.#mark(wanted, memory);
    if (element === null) this.#cells.add(cells);
    else this.elements.push(element);
  }

  /** Adds one that is new by its cell, of the short way of its tag. */
  addCell(wanted: TagMemory, memory: ElementMemory, cell: Cell): void {
    this.#mark(wanted, memory);
    wanted.plain!.add(cell, this.#cells);
  }

  #mark(wanted: TagMemory, memory: ElementMemory): void {
    memory.markSeen(wanted);
    if (wanted.tag >>> 16 !== META_GROUP) this.hasValues = true;
  }
}
