import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DicomHeaderReader, type ReadableHeader } from '../../pipeline/dicom/dicom-header.js';
import { loadTagSelection } from '../../pipeline/dicom/tag-selection.js';
import { openLocalFile } from '../../pipeline/source/local-source.js';
import { dcm2json, noDcmtk, scratchFolder, type DicomJson } from '../helpers/dcmtk.js';
import { expectedCell } from '../helpers/dicom-samples.js';
import { element, fileOf, FORMS, tagBytes, u16, u32, type Form } from '../helpers/encoded-dataset.js';

const selection = loadTagSelection();
const file = join(scratchFolder(), 'odd.dcm');
const UNDEFINED = 0xffffffff;
const PRIVATE = 0x00191001;

function read(bytes: Buffer): ReadableHeader {
  writeFileSync(file, bytes);
  const found = new DicomHeaderReader(selection).read(openLocalFile(file));
  if (found.state === 'unreadable') assert.fail(found.reason);
  return found;
}

/** The elements of a header that are selected, in each group that they come in. */
function selected(form: Form): Buffer[] {
  const code = element(form, 0x00080100, 'SH', 'R-10226');
  const item = element(form, 0xfffee000, '', code);
  return [
    element(form, 0x00080005, 'CS', 'ISO_IR 100'),
    element(form, 0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
    element(form, 0x00080060, 'CS', 'MG'),
    element(form, 0x00080070, 'LO', 'M\xe9dical'),
    element(form, 0x00100040, 'CS', 'F'),
    element(form, 0x00180060, 'DS', '28.5'),
    element(form, 0x00181152, 'IS', '50'),
    element(form, 0x00200062, 'CS', 'L'),
    element(form, 0x00280010, 'US', u16(form, 2294)),
    element(form, 0x00280030, 'DS', '0.07\\0.07'),
    element(form, 0x00540220, 'SQ', item),
    element(form, 0x20500020, 'CS', 'IDENTITY'),
  ];
}

const pixels = (form: Form) => element(form, 0x7fe00010, 'OW', Buffer.alloc(4));

/** An element with something of two bytes in the place of its VR, and a length of 16 bits. */
const withVr = (vr: string | Buffer) => (form: Form) =>
  form.explicit
    ? Buffer.concat([tagBytes(form, PRIVATE), Buffer.from(vr), u16(form, 4), Buffer.from('abcd')])
    : null;

const ofGroup = (group: number) => (form: Form) => element(form, group * 0x10000 + 0x0010, 'LO', 'abcd');

function unknownLong(form: Form): Buffer | null {
  if (!form.explicit) return null;
  const start = [tagBytes(form, PRIVATE), Buffer.from('QQ'), Buffer.alloc(2), u32(form, 6)];
  return Buffer.concat([...start, Buffer.from('abcdef')]);
}

/** Items within an element of VR UN, in explicit or in implicit VR, of defined or undefined length. */
const unItems = (explicit: boolean, isOpen: boolean) => (form: Form) => {
  if (!form.explicit) return null;
  const little = { ...form, explicit, bigEndian: false };
  const value = element(little, 0x00191002, 'SH', 'abcd');
  const item = element(little, 0xfffee000, '', value);
  const end = isOpen ? element(little, 0xfffee0dd, '', Buffer.alloc(0)) : Buffer.alloc(0);
  return element(form, PRIVATE, 'UN', Buffer.concat([item, end]), isOpen ? UNDEFINED : undefined);
};

/** A private sequence of undefined length that holds something odd. */
function openSequence(form: Form): Buffer {
  const odd = form.explicit
    ? Buffer.concat([tagBytes(form, 0x00191002), Buffer.from('  '), u16(form, 2), Buffer.from('ab')])
    : element(form, 0x00191002, 'LO', 'ab');
  const after = element(form, 0x00191003, 'LO', 'after');
  const item = [
    element(form, 0xfffee000, '', Buffer.concat([odd, after]), UNDEFINED),
    element(form, 0xfffee00d, '', ''),
  ];
  return element(form, PRIVATE, 'SQ', Buffer.concat([...item, element(form, 0xfffee0dd, '', '')]), UNDEFINED);
}

const ODD: readonly (readonly [string, (form: Form) => Buffer | null])[] = [
  ['an element of group 0001', ofGroup(1)],
  ['an element of group 0002', ofGroup(2)],
  ['an element of group 0003', ofGroup(3)],
  ['an element of group 0005', ofGroup(5)],
  ['an element of group 0007', ofGroup(7)],
  ['an element of group FFFF', ofGroup(0xffff)],
  ['a command', (form) => element(form, 0x00000100, 'US', u16(form, 1))],
  ['a VR of two blanks', withVr('  ')],
  ['a VR of zero bytes', withVr(Buffer.alloc(2))],
  ['a VR of question marks', withVr('??')],
  ['a VR in small letters', withVr('lo')],
  ['a VR that there is none of, short', withVr('QQ')],
  ['bytes FF FF for a VR', withVr(Buffer.from([0xff, 0xff]))],
  ['OB with a length of 16 bits', withVr('OB')],
  ['UN with a length of 16 bits', withVr('UN')],
  ['the other VR form', (form) => element({ ...form, explicit: !form.explicit }, PRIVATE, 'LO', 'some text')],
  ['eight zero bytes', () => Buffer.alloc(8)],
  ['six zero bytes', () => Buffer.alloc(6)],
  ['two zero bytes', () => Buffer.alloc(2)],
  ['a thousand zero bytes', () => Buffer.alloc(1000)],
  ['the delimiter of an item', (form) => element(form, 0xfffee00d, '', '')],
  ['the delimiter of a sequence', (form) => element(form, 0xfffee0dd, '', '')],
  ['an item', (form) => element(form, 0xfffee000, '', 'abcd')],
  ['an element of a higher tag than the pixels', (form) => element(form, 0xfffcfffc, 'OB', 'abcd')],
  [
    'a repeated element',
    (form) => Buffer.concat([element(form, PRIVATE, 'LO', 'a'), element(form, PRIVATE, 'LO', 'b')]),
  ],
];

/** Nothing that the standard forbids, at least not at the top level. */
const SOUND: readonly (readonly [string, (form: Form) => Buffer | null])[] = [
  ['a VR to come', unknownLong],
  ['explicit items in UN', unItems(true, false)],
  ['implicit items in UN', unItems(false, false)],
  ['implicit items in UN of undefined length', unItems(false, true)],
  ['explicit items in UN of undefined length', unItems(true, true)],
  ['a private sequence that holds something odd', openSequence],
  ['a private element of 200 KB', (form) => element(form, PRIVATE, 'OB', Buffer.alloc(200_000, 1))],
];

describe('one odd element, before, between and after the selected ones, costs none of them', () => {
  for (const form of FORMS)
    for (const [name, make] of [...ODD, ...SOUND]) {
      const odd = make(form);
      if (odd === null) continue;
      test(`${name}, ${form.name}`, () => {
        const elements = selected(form);
        const expected = read(fileOf(form, ...elements, pixels(form)));
        assert.deepEqual(expected.odd, []);
        for (let at = 0; at <= elements.length; at++) {
          const found = read(fileOf(form, ...elements.toSpliced(at, 0, odd), pixels(form)));
          assert.deepEqual(found.values, expected.values, `before element ${at}`);
          assert.equal(found.state, 'complete', `before element ${at}`);
          assert.equal(found.missingBytes, 0, `before element ${at}`);
          if (ODD.some(([own]) => own === name))
            assert.ok(found.odd.length > 0, `no row before element ${at}`);
        }
      });
    }
});

describe('what dcmtk reads of such files, where it reads them', { skip: noDcmtk }, () => {
  for (const form of FORMS)
    test(form.name, () => {
      let witnessed = 0;
      for (const [name, make] of [...ODD, ...SOUND]) {
        const odd = make(form);
        if (odd === null) continue;
        const found = read(fileOf(form, ...selected(form).toSpliced(6, 0, odd), pixels(form)));
        const json = witness(file);
        if (json === null) continue;
        witnessed++;
        selection.tags.forEach((tag, index) => {
          // Of the file meta group, of which dcm2json gives what stands in the dataset.
          if (tag.keyword === 'TransferSyntaxUID') return;
          const expected = expectedCell(json, tag);
          if (expected !== null)
            assert.deepEqual(found.values.cells[index], expected, `${name}: ${tag.column.name}`);
        });
      }
      assert.ok(witnessed > 10, `dcmtk reads ${witnessed}`);
    });
});

/** What dcm2json gives; null where it refuses the file, or writes what is no JSON. */
function witness(path: string): DicomJson | null {
  try {
    return dcm2json(path);
  } catch {
    return null;
  }
}
